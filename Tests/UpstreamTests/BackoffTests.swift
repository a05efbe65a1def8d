import NetAddress
import Testing

@testable import Upstream

@Suite struct BackoffTests {
    private static func milliseconds(
        _ failure: UpstreamFailure, _ failures: UInt8, isMissed: Bool = false, jitter: UInt64 = 0
    ) -> UInt64 {
        Backoff.pause(after: failure, failures: failures, isMissed: isMissed, jitter: jitter)
            .microseconds / 1000
    }

    @Test func handshakesWaitLongerEachTimeUpToHalfAMinute() {
        let pauses = (1...10).map { Self.milliseconds(.handshake, $0) }
        #expect(pauses == [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
        #expect(Self.milliseconds(.verification, .max) == 30_000)
        #expect(Self.milliseconds(.verification, .max, isMissed: true) == 30_000)
    }

    @Test(arguments: [UpstreamFailure.handshake, .misbehaved, .closed])
    func whoIsMissedIsTriedAgainWithinHalfASecond(_ failure: UpstreamFailure) {
        for failures in [2, 20, UInt8.max] {
            #expect(Self.milliseconds(failure, failures, isMissed: true) == 490)
        }
    }

    @Test(arguments: [
        UpstreamFailure.refused, .unreachable, .cutOff, .timedOut, .silent,
    ]) func whatCostsTheServerNothingIsTriedAgainWithinHalfASecond(_ failure: UpstreamFailure) {
        for failures in [1, 2, 20, UInt8.max] {
            for jitter in [0, 1, 59_999, 60_000, UInt64.max] {
                let pause = Backoff.pause(
                    after: failure, failures: failures, isMissed: false, jitter: jitter)
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

    private static func pause(_ failures: UInt8, _ jitter: UInt64) -> Interval {
        Backoff.pause(after: .handshake, failures: failures, isMissed: false, jitter: jitter)
    }

    @Test(arguments: [1, 249_999, 62_499, .max] as [UInt64])
    func jitterTakesAtMostAQuarter(jitter: UInt64) {
        for failures in 1...UInt8.max {
            let (whole, pause) = (Self.pause(failures, 0), Self.pause(failures, jitter))
            #expect(pause <= whole)
            #expect(pause * 4 >= whole * 3)
        }
    }
}
