internal import CLinux
internal import Glibc
public import NetAddress

/// What this process uses of the machine.
public struct ProcessUsage: Sendable {
    /// Of all threads, in user and kernel.
    public let processorTime: Interval
    /// Memory that is really there.
    public let residentByteCount: Int
    public let openDescriptors: Int
    public let maximumDescriptors: Int

    /// Looks at the process now; what cannot be seen is zero.
    public static func current() -> ProcessUsage {
        var usage = rusage()
        _ = unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var limit = rlimit()
        _ = unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessUsage(
            processorTime: interval(usage.ru_utime) + interval(usage.ru_stime),
            residentByteCount: residentPages() * sysconf(Int32(_SC_PAGESIZE)),
            openDescriptors: (try? listDirectory(path: "/proc/self/fd", suffix: "").count) ?? 0,
            maximumDescriptors: Int(clamping: limit.rlim_cur))
    }

    private static func interval(_ time: timeval) -> Interval {
        Interval(microseconds: UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_usec))
    }

    /// The second field of proc(5)'s `statm`.
    private static func residentPages() -> Int {
        guard let text = try? readFile(path: "/proc/self/statm", limit: 4096) else { return 0 }
        let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) ?? 0 : 0
    }
}
