/// The bounds of the cache, each with its reason.
enum CacheLimits {
    /// Parts with a lock of their own; more than there can be workers at once in one.
    static let shards = 16
    /// The least memory of a part: the largest answer fits into its larger ring.
    static let shardByteCount = 512 * 1024
    /// The least memory that is set up, even where nothing is kept.
    static let smallest = 64 * 1024
    /// The most memory of a part: the index has 19 bits for a place in it.
    static let largestShardByteCount = 4 << 20
    /// Octets of memory for each place of the index: a quarter of the places stays empty, and the
    /// smallest answers take 64.
    static let octetsPerSlot = 48
    /// Places of an index that tags lead to at first: with those behind them a page.
    static let firstHomes = 1024 - probes
    /// Index places looked at before an entry is given up; with a seeded hash that is not one in a
    /// thousand.
    static let probes = 128
    /// Index places looked at under the lock when names are forgotten: a tenth of a millisecond.
    static let slotsAtOnce = 1024
    /// Index places whose entries are copied under the lock to be shown.
    static let copiesAtOnce = 128
    /// The part of the memory for answers that were asked for once (S3-FIFO: a tenth).
    static let smallRingDivisor = 10
    /// The part of the large ring, and of the index, that is not filled with what nobody asked for.
    static let reserveDivisor = 16
    /// Entries put back into the large ring in one insertion, so that it is bounded: after these,
    /// each entry that is in the way goes, or moves from the small ring to the large one, once.
    static let reinsertions = 16
    /// Hits that are remembered of an entry (S3-FIFO: two bits).
    static let maximumFrequency: UInt8 = 3
    /// How long a failure is remembered at first, and at most (RFC 9520 section 3.2).
    static let failureTTL: UInt32 = 5
    static let maximumFailureTTL: UInt32 = 300
    /// The TTL of stale answers (RFC 8767 section 4).
    static let staleTTL: UInt32 = 30
    /// How long an expired answer is given at once after asking has failed (RFC 8767 section 5).
    static let recheckTTL: UInt32 = 30
    /// The longest extended error kept: its length has an octet.
    static let extendedErrorByteCount = 255
    /// Labels above a name that are looked up for an NXDOMAIN that speaks for it.
    static let cutAncestors = 8
    /// Names compared to see whether records belong to the question; more is not stored.
    static let comparisons = 256
}
