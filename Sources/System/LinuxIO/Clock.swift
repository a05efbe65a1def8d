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
