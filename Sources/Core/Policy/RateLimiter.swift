internal import Collections
internal import DNSWire
public import NetAddress

/// How often clients may ask.
public struct RateLimit: Equatable, Sendable {
    /// Queries in a second, over time.
    public var rate: Int
    /// Queries at once.
    public var burst: Int
    /// How many bits of an address tell one client from another.
    public var prefixV4: Int
    public var prefixV6: Int

    public init(rate: Int, burst: Int, prefixV4: Int = 32, prefixV6: Int = 56) {
        self.rate = rate
        self.burst = burst
        self.prefixV4 = prefixV4
        self.prefixV6 = prefixV6
    }
}

/// Counts the queries of each client: a bucket of tokens that refills at a steady rate.
///
/// A bucket is one number: when it will be full again. An empty one is `burst` queries from that.
public struct RateLimiter: ~Copyable {
    // Invariants:
    //   a client is in the set of its hash, once
    //   a bucket that is full already is as good as none
    struct Bucket: BitwiseCopyable {
        var high: UInt64
        var low: UInt64
        var fullAt: UInt64
    }

    private static let ways = 8
    private static let sets = PolicyLimits.ratedClients / ways

    public let limit: RateLimit
    /// Microseconds in which one query is allowed, and those of a whole bucket.
    private let interval: UInt64
    private let tolerance: UInt64
    private var buckets: FixedArray<Bucket>
    private let hash: (UInt64, UInt64)

    /// Makes a table in which every bucket is full; `seed` are two secret random numbers.
    public init(_ limit: RateLimit, seed: (UInt64, UInt64)) {
        self.limit = limit
        interval = 1_000_000 / UInt64(clamping: max(limit.rate, 1))
        tolerance = interval * UInt64(clamping: max(limit.burst, 1))
        buckets = FixedArray(
            repeating: Bucket(high: 0, low: 0, fullAt: 0), count: Self.sets * Self.ways)
        hash = (seed.0, seed.1 | 1)
    }

    /// Takes a token of the client at `address`; false when there is none.
    ///
    /// Where a set is full, the client that is nearest to a full bucket is forgotten: for one that
    /// has not asked for a while that changes nothing.
    public mutating func admits(_ address: IPAddress, now: Instant) -> Bool {
        let client = key(address.unmapped)
        let product = (client.high ^ hash.0 ^ client.low &* hash.1).multipliedFullWidth(by: hash.1)
        let set = Int(truncatingIfNeeded: (product.high ^ product.low) >> 32) & (Self.sets &- 1)
        var place = set &* Self.ways
        for way in (set &* Self.ways)..<(set &* Self.ways &+ Self.ways) {
            if buckets[way].high == client.high, buckets[way].low == client.low {
                return take(from: way, now: now)
            }
            if buckets[way].fullAt < buckets[place].fullAt { place = way }
        }
        buckets[place] = Bucket(high: client.high, low: client.low, fullAt: 0)
        return take(from: place, now: now)
    }

    private mutating func take(from place: Int, now: Instant) -> Bool {
        let fullAt = max(buckets[place].fullAt, now.microseconds) &+ interval
        guard fullAt &- now.microseconds <= tolerance else { return false }
        buckets[place].fullAt = fullAt
        return true
    }

    private func key(_ address: IPAddress) -> (high: UInt64, low: UInt64) {
        let prefix = address.masked(
            to: address.family == .v4 ? limit.prefixV4 : limit.prefixV6)
        // No IPv6 client has an address that begins so: they would be multicast.
        return (prefix.family == .v4 ? .max : prefix.high, prefix.low)
    }
}
