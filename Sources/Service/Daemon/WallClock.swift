internal import LinuxIO

/// Whether the system clock may be wrong, so that the dates of certificates say nothing.
struct WallClock: Sendable {
    let isDoubtful: @Sendable () -> Bool

    /// The clock of this machine.
    static let system = WallClock {
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
