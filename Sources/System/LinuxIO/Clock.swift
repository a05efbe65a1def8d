internal import CLinux
internal import Glibc
public import NetAddress

/// The machine's clocks.
public enum Clock {
    /// `CLOCK_MONOTONIC`: never set back, stands still while the machine sleeps.
    public static func monotonic() -> Instant {
        Instant(microseconds: microseconds(CLOCK_MONOTONIC))
    }

    /// `CLOCK_BOOTTIME`: as `monotonic()`, but goes on while the machine sleeps.
    public static func bootTime() -> Instant {
        Instant(microseconds: microseconds(CLOCK_BOOTTIME))
    }

    /// `CLOCK_REALTIME`, in seconds since 1970.
    public static func realTimeSeconds() -> Int64 {
        Int64(read(CLOCK_REALTIME).tv_sec)
    }

    /// `CLOCK_REALTIME`, in microseconds since 1970.
    public static func realTimeMicroseconds() -> UInt64 {
        microseconds(CLOCK_REALTIME)
    }

    /// Whether something keeps `CLOCK_REALTIME` right; `nil` where we may not ask.
    public static func isSynchronized() -> Bool? {
        let answer = clinux_clock_is_synchronized()
        return answer < 0 ? nil : answer != 0
    }

    /// When the running program was made, in seconds since 1970; zero where that cannot be seen.
    public static func buildTimeSeconds() -> Int64 {
        var status = stat()
        // A package sets the time of its files to that of its build.
        guard unsafe stat("/proc/self/exe", &status) == 0 else { return 0 }
        return Int64(status.st_mtim.tv_sec)
    }

    private static func microseconds(_ clock: clockid_t) -> UInt64 {
        let time = read(clock)
        return UInt64(time.tv_sec) &* 1_000_000 &+ UInt64(time.tv_nsec) / 1000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // Fails only for a clock that does not exist.
        let result = unsafe clock_gettime(clock, &time)
        precondition(result == 0)
        return time
    }
}
