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

    @Test(arguments: [
        UpstreamFailure.refused, .unreachable, .cutOff, .timedOut, .silent,
    ]) func whatCostsTheServerNothingIsTriedAgainWithinHalfASecond(_ failure: UpstreamFailure) {
        for failures in [1, 2, 20, UInt8.max] {
            for jitter in [0, 1, 59_999, 60_000, UInt64.max] {
                let pause = Backoff.pause(after: failure, failures: failures, jitter: jitter)
                #expect(pause < .milliseconds(500))
                // With the first attempt, 20 in 8 s.
                #expect(pause * 19 > .seconds(8))
            }
        }
    }

    @Test func theFirstCloseCostsNothing() {
        #expect((1...3).map { Self.milliseconds(.closed, $0) } == [0, 250, 500])
        #expect(Self.milliseconds(.released, 9) == 0)
    }

    @Test(arguments: [1, 249_999, 62_499, .max] as [UInt64])
    func jitterTakesAtMostAQuarter(jitter: UInt64) {
        for failures in 1...UInt8.max {
            let whole = Backoff.pause(after: .handshake, failures: failures, jitter: 0)
            let pause = Backoff.pause(after: .handshake, failures: failures, jitter: jitter)
            #expect(pause <= whole)
            #expect(pause * 4 >= whole * 3)
        }
    }
}
