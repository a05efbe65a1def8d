internal import LinuxIO
internal import NetAddress

/// The clocks of the machine that tell what the loop's time does not.
struct MachineClock: Sendable {
    /// The time since the machine booted without that in which it has slept, as the loop reads it.
    var monotonic: @Sendable () -> Instant = { Clock.monotonic() }
    /// The time since the machine booted, in which it may have slept.
    var bootTime: @Sendable () -> Instant = { Clock.bootTime() }
    /// Whether the time of day may be wrong, so that the dates of certificates say nothing.
    let isDoubtful: @Sendable () -> Bool

    /// The clocks of this machine.
    static let system = MachineClock {
        isDoubtful(
            at: Clock.realTimeSeconds(), buildTime: Clock.buildTimeSeconds(),
            isSynchronized: Clock.isSynchronized())
    }

    /// A clock before the day of the build is certainly wrong, one that nothing keeps right may be;
    /// where we may not ask for that, only the first counts.
    static func isDoubtful(at time: Int64, buildTime: Int64, isSynchronized: Bool?) -> Bool {
        time < buildTime || isSynchronized == false
    }
}
