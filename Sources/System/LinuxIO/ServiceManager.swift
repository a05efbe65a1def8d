internal import CSystemd
public import NetAddress

/// What the daemon tells and asks the service manager (`sd_notify(3)`).
public enum ServiceManager {
    /// Tells the service manager something; nothing happens when nobody asked to be told.
    ///
    /// `state` holds assignments, one per line: `READY=1`, `STATUS=...`.
    public static func notify(_ state: String) {
        // Whether it arrives changes nothing about what the daemon has to do.
        _ = unsafe sd_notify(0, state)
    }

    /// How long the service manager waits for `WATCHDOG=1`; `nil` when it does not.
    public static func watchdogInterval() -> Interval? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return Interval(microseconds: microseconds)
    }
}
