internal import NetAddress

/// How long to leave an upstream alone after it failed.
enum Backoff {
    private static let first = Interval.milliseconds(250)
    /// A refused connection costs one packet, so a recovery is noticed within half a second.
    private static let longestWithoutHandshake = Interval.milliseconds(400)
    private static let longest = Interval.seconds(30)

    /// The pause after `failures` failures in a row, the last one being `failure`.
    ///
    /// `jitter` spreads the pause over its last quarter. A first lost connection costs no pause:
    /// servers close connections for reasons of their own.
    static func pause(
        after failure: UpstreamFailure, failures: UInt8, jitter: UInt64
    ) -> Interval {
        let step = UInt64(failures) - (failures > 0 ? 1 : 0)
        switch failure {
        case .released: return .zero
        case .closed where step == 0: return .zero
        case .refused, .unreachable: return spread(longestWithoutHandshake, step: 0, jitter)
        case .closed: return spread(first, step: step - 1, jitter)
        case .timedOut, .handshake, .verification, .misbehaved, .silent:
            return spread(first, step: step, jitter)
        }
    }

    private static func spread(_ start: Interval, step: UInt64, _ jitter: UInt64) -> Interval {
        let pause = min(start * (1 << min(step, 16)), longest)
        let quarter = pause / 4
        let taken = quarter.microseconds == 0 ? 0 : jitter % quarter.microseconds
        return Interval(microseconds: pause.microseconds - taken)
    }
}
