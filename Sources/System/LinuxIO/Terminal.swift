internal import CLinux
internal import Glibc
public import NetAddress

/// The terminal, if there is one.
public enum Terminal {
    /// Whether standard output is one.
    public static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Writes out what was printed.
    public static func flushOutput() {
        fflush(nil)
    }
}

/// Variables of the environment.
public enum Environment {
    /// The value of a variable that is set and not empty.
    public static func value(of name: String) -> String? {
        // The environment is not changed by this process.
        guard let value = unsafe getenv(name).map({ unsafe String(cString: $0) }) else {
            return nil
        }
        return value.isEmpty ? nil : value
    }
}

/// Lets the calling thread sleep.
public func pause(_ interval: Interval) {
    var time = timespec(
        tv_sec: Int(clamping: interval.microseconds / 1_000_000),
        tv_nsec: Int(interval.microseconds % 1_000_000) * 1000)
    var left = timespec()
    while unsafe nanosleep(&time, &left) != 0, Errno.last == .interrupted { time = left }
}
