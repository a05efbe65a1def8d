internal import NetAddress

/// How long to leave an upstream alone after it failed.
enum Backoff {
    private static let first = Interval.milliseconds(250)
    private static let longest = Interval.seconds(30)

    /// The pause after `failures` failures in a row, the last one being `failure`.
    ///
    /// What cost the server next to nothing is tried again at a steady pace, so that its return is
    /// noticed within half a second. What cost it a handshake is tried ever more seldom, but where
    /// `isMissed`, nobody else being there to ask, only its certificate makes it so. A first lost
    /// connection costs no pause: servers close connections for reasons of their own. `jitter`
    /// spreads the pause over its last quarter.
    static func pause(
        after failure: UpstreamFailure, failures: UInt8, isMissed: Bool, jitter: UInt64
    ) -> Interval {
        let step = UInt64(failures) - (failures > 0 ? 1 : 0)
        switch failure {
        case .released: return .zero
        case .closed where step == 0: return .zero
        case .refused, .unresolved, .unreachable, .cutOff, .timedOut, .silent:
            return probePause(jitter)
        case .closed where isMissed, .handshake where isMissed, .misbehaved where isMissed:
            return probePause(jitter)
        case .closed: return spread(first, step: step - 1, jitter)
        case .handshake, .verification, .misbehaved: return spread(first, step: step, jitter)
        }
    }

    /// The pause between two probes that cost next to nothing: 430 to 490 ms.
    ///
    /// Less than half a second, and no more than 20 connections in 8 s.
    static func probePause(_ jitter: UInt64) -> Interval {
        Interval(microseconds: 490_000 - jitter % 60_000)
    }

    /// How long others are preferred to a server that closed its connections at once `step` times
    /// too often: 1 s, doubling.
    static func leave(_ step: UInt8, jitter: UInt64) -> Interval {
        spread(first * 4, step: UInt64(step), jitter)
    }

    private static func spread(_ start: Interval, step: UInt64, _ jitter: UInt64) -> Interval {
        let pause = min(start * (1 << min(step, 16)), longest)
        let quarter = pause / 4
        let taken = quarter.microseconds == 0 ? 0 : jitter % quarter.microseconds
        return Interval(microseconds: pause.microseconds - taken)
    }
}
