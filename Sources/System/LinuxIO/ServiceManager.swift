internal import CSystemd
internal import Glibc
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

    /// Whether there is a service manager that listens.
    public static var isPresent: Bool {
        unsafe getenv("NOTIFY_SOCKET") != nil
    }

    /// Has the service manager keep a descriptor for the next process of this service.
    ///
    /// False when there is nobody to keep it. Whether it was kept is not said: that takes
    /// `FileDescriptorStoreMax=` in the unit.
    public static func store(_ file: borrowing FileDescriptor, name: String) -> Bool {
        var fd = file.raw
        return unsafe sd_pid_notify_with_fds(0, 0, "FDSTORE=1\nFDNAME=\(name)", &fd, 1) > 0
    }

    /// How long the service manager waits for `WATCHDOG=1`; `nil` when it does not.
    public static func watchdogInterval() -> Interval? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return Interval(microseconds: microseconds)
    }
}
