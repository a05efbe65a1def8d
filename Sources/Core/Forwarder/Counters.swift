/// What a worker's forwarder has done since it started.
public struct Counters: Equatable, Sendable, BitwiseCopyable {
    public internal(set) var queries: UInt64 = 0
    /// Those of them that came over TCP.
    public internal(set) var streamQueries: UInt64 = 0
    /// Messages that deserved no answer.
    public internal(set) var dropped: UInt64 = 0
    /// Queries answered here: malformed or not for us.
    public internal(set) var refused: UInt64 = 0
    /// Messages of clients that may not ask.
    public internal(set) var denied: UInt64 = 0
    /// Messages of clients that ask too often.
    public internal(set) var limited: UInt64 = 0
    /// Queries answered with what is known here.
    public internal(set) var local: UInt64 = 0
    /// Queries for names that are not resolved.
    public internal(set) var filtered: UInt64 = 0
    /// Queries whose answer led into this network and was not believed.
    public internal(set) var screened: UInt64 = 0
    /// Queries answered SERVFAIL because too many were under way.
    public internal(set) var overloaded: UInt64 = 0
    /// Queries that waited for one already under way for the same question.
    public internal(set) var joined: UInt64 = 0
    /// Queries sent to upstreams, retries and hedges included.
    public internal(set) var sent: UInt64 = 0
    /// Queries sent a second time, to another upstream, because the first took long.
    public internal(set) var hedged: UInt64 = 0
    /// Those of them where the second answer came first.
    public internal(set) var hedgesWon: UInt64 = 0
    /// Queries answered from memory.
    public internal(set) var cacheHits: UInt64 = 0
    /// Queries answered with an expired answer.
    public internal(set) var stale: UInt64 = 0
    /// Answers fetched again ahead of their end.
    public internal(set) var prefetched: UInt64 = 0
    /// Answers passed on to clients.
    public internal(set) var answered: UInt64 = 0
    /// Queries answered SERVFAIL because no upstream could be reached.
    public internal(set) var failed: UInt64 = 0
    /// Queries answered SERVFAIL because the deadline passed.
    public internal(set) var expired: UInt64 = 0
    /// Messages from upstreams that were not believed.
    public internal(set) var discarded: UInt64 = 0

    public init() {}
}
