/// What a worker's client side has done since it started.
public struct FrontendCounters: Equatable, Sendable, BitwiseCopyable {
    public internal(set) var datagrams: UInt64 = 0
    /// Datagrams longer than any query, which were dropped unread.
    public internal(set) var oversized: UInt64 = 0
    /// Answers that the kernel did not take.
    public internal(set) var unsentDatagrams: UInt64 = 0
    public internal(set) var clients: UInt64 = 0
    public internal(set) var frames: UInt64 = 0
    /// Clients closed to make room for new ones.
    public internal(set) var evicted: UInt64 = 0
    /// Times that accepting paused because descriptors or memory had run out.
    public internal(set) var acceptPauses: UInt64 = 0
    /// Receive and accept calls that failed.
    public internal(set) var errors: UInt64 = 0

    public init() {}
}
