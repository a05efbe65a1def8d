internal import DNSWire

/// What is said of an answer in memory, apart from the answer.
public struct EntrySummary: Equatable, Sendable {
    /// Seconds since it was stored.
    public let age: UInt32
    /// For how many seconds it was to be kept.
    public let ttl: UInt32
    /// Whether it only says that nobody could answer.
    public let isFailure: Bool

    /// Seconds that it may still be given; zero when it has expired.
    public var secondsLeft: UInt32 { ttl > age ? ttl - age : 0 }
}

extension MessageCache {
    /// What is in memory under `key` for the folded `question`, without counting as a hit.
    public func summary(
        _ key: CacheKey, question: RawSpan, now: UInt32
    ) -> EntrySummary? {
        withShard(of: key) { shard in
            guard let entry = shard.find(key, question)?.entry else { return nil }
            return EntrySummary(entry.header(shard.octets()), now: now)
        }
    }
}

extension EntrySummary {
    init(_ header: EntryHeader, now: UInt32) {
        age = header.age(now)
        ttl = header.ttl
        isFailure = header.state.contains(.failure)
    }
}
