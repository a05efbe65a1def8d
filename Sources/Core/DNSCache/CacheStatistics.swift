/// What the cache has done since it was made, and what is in it.
public struct CacheStatistics: Equatable, Sendable, BitwiseCopyable {
    public var hits: UInt64 = 0
    public var misses: UInt64 = 0
    /// Expired answers that were given because nothing better was to be had.
    public var stale: UInt64 = 0
    public var insertions: UInt64 = 0
    public var evictions: UInt64 = 0
    /// Entries in the index, expired ones included.
    public var entries = 0
    /// Octets of the rings in use.
    public var usedByteCount = 0

    public init() {}

    static func += (sum: inout Self, part: Self) {
        sum.hits &+= part.hits
        sum.misses &+= part.misses
        sum.stale &+= part.stale
        sum.insertions &+= part.insertions
        sum.evictions &+= part.evictions
        sum.entries += part.entries
        sum.usedByteCount += part.usedByteCount
    }
}
