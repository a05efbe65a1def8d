internal import DNSCache
internal import DNSWire

/// A query that deserves an answer, with what is needed to find one.
struct Arrival: BitwiseCopyable {
    let query: ClientQuery
    /// What its answer is kept under.
    let key: CacheKey
    /// How the client wants its answer.
    let reply: Reply
    let transport: Transport
}
