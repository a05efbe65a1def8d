import NetAddress
import Testing

@testable import Upstream

@Suite struct BackoffTests {
    private static func milliseconds(
        _ failure: UpstreamFailure, _ failures: UInt8, jitter: UInt64 = 0
    ) -> UInt64 {
        Backoff.pause(after: failure, failures: failures, jitter: jitter).microseconds / 1000
    }

    @Test func handshakesWaitLongerEachTimeUpToHalfAMinute() {
        let pauses = (1...10).map { Self.milliseconds(.handshake, $0) }
        #expect(pauses == [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
        #expect(Self.milliseconds(.verification, .max) == 30_000)
    }

    @Test func aRefusalIsTriedAgainWithinHalfASecond() {
        #expect(Self.milliseconds(.refused, 1) == 400)
        #expect(Self.milliseconds(.unreachable, .max) == 400)
    }

    @Test func theFirstCloseCostsNothing() {
        #expect((1...3).map { Self.milliseconds(.closed, $0) } == [0, 250, 500])
        #expect(Self.milliseconds(.released, 9) == 0)
    }

    @Test(arguments: [1, 249_999, 62_499, .max] as [UInt64])
    func jitterTakesAtMostAQuarter(jitter: UInt64) {
        for failures in 1...UInt8.max {
            let whole = Backoff.pause(after: .timedOut, failures: failures, jitter: 0)
            let pause = Backoff.pause(after: .timedOut, failures: failures, jitter: jitter)
            #expect(pause <= whole)
            #expect(pause * 4 >= whole * 3)
        }
    }
}
