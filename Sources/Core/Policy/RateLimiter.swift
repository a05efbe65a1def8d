public import NetAddress
internal import Synchronization

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

/// Counts the queries of each client, for all workers together: a bucket of tokens that refills at
/// a steady rate.
///
/// A bucket is one word: part of the client's hash, and when it will be full again. An empty one is
/// `burst` queries from that. Workers take tokens from it without a lock.
@safe
public final class RateLimiter: Sendable {
    // Invariants:
    //   the upper 24 bits of a word are those of the client's hash, the lower 40 a time in
    //   microseconds, which wrap in 12 days
    //   a time that is not within a whole bucket from now is over, and the bucket full; but one
    //   that lies beyond by no more than workers' clocks may differ is of an empty one
    //   what two workers do at the same time may count once, and never keeps a client out
    private static let ways = 8
    private static let sets = PolicyLimits.ratedClients / ways
    private static let timeMask: UInt64 = (1 << 40) - 1

    public let limit: RateLimit
    /// Microseconds in which one query is allowed, and those of a whole bucket.
    private let interval: UInt64
    private let tolerance: UInt64
    private let hash: (UInt64, UInt64)
    // Safe to share: it never changes, and what it points to is atomic.
    nonisolated(unsafe) private let buckets: UnsafeMutablePointer<Atomic<UInt64>>

    /// Makes a table in which every bucket is full; `seed` are two secret random numbers.
    public init(_ limit: RateLimit, seed: (UInt64, UInt64)) {
        self.limit = limit
        interval = 1_000_000 / UInt64(clamping: max(limit.rate, 1))
        tolerance = min(interval * UInt64(clamping: max(limit.burst, 1)), Self.timeMask / 2)
        hash = (seed.0, seed.1 | 1)
        unsafe buckets = .allocate(capacity: Self.sets * Self.ways)
        for place in 0..<(Self.sets * Self.ways) {
            unsafe (buckets + place).initialize(to: Atomic(0))
        }
    }

    deinit {
        unsafe buckets.deinitialize(count: Self.sets * Self.ways)
        unsafe buckets.deallocate()
    }

    /// Takes a token of the client at `address`; false when there is none.
    ///
    /// Where a set is full, the client that is nearest to a full bucket is forgotten: for one that
    /// has not asked for a while that changes nothing.
    public func admits(_ address: IPAddress, now: Instant) -> Bool {
        let hashed = hash(of: address)
        let mark = hashed & ~Self.timeMask
        let first = Int(truncatingIfNeeded: hashed) & (Self.sets &- 1) &* Self.ways
        var place = first
        var least = UInt64.max
        for way in first..<(first &+ Self.ways) {
            let word = word(at: way)
            if word & ~Self.timeMask == mark, word != 0 { return take(from: way, word, now) }
            let used = used(word, now)
            if used < least { (place, least) = (way, used) }
        }
        let time = (now.microseconds &+ interval) & Self.timeMask
        // If another has taken the place meanwhile, one of the two begins with a full bucket.
        unsafe buckets[place].store(mark | time, ordering: .relaxed)
        return true
    }

    /// Takes a token from the client's bucket, which held `word` a moment ago.
    private func take(from place: Int, _ word: UInt64, _ now: Instant) -> Bool {
        var word = word
        // Who loses this many times against others of the same client has asked too often.
        for _ in 0..<PolicyLimits.tokenAttempts {
            let next = used(word, now) &+ interval
            guard next <= tolerance else { return false }
            let time = (now.microseconds &+ next) & Self.timeMask
            let (isTaken, found) = unsafe buckets[place].compareExchange(
                expected: word, desired: word & ~Self.timeMask | time, ordering: .relaxed)
            if isTaken { return true }
            // Another client has the place now, and this one begins with a full bucket.
            guard found & ~Self.timeMask == word & ~Self.timeMask else { return true }
            word = found
        }
        return false
    }

    /// How long it takes until the bucket is full again, in microseconds.
    private func used(_ word: UInt64, _ now: Instant) -> UInt64 {
        let left = (word &- now.microseconds) & Self.timeMask
        guard left > tolerance else { return left }
        return left <= tolerance &+ PolicyLimits.clockSkew ? tolerance : 0
    }

    /// Every hash has a set in the table, so no place is too large.
    private func word(at place: Int) -> UInt64 { unsafe buckets[place].load(ordering: .relaxed) }

    /// A keyed hash of the client; no two families have one in common.
    private func hash(of address: IPAddress) -> UInt64 {
        let plain = address.unmapped
        let prefix = plain.masked(to: plain.family == .v4 ? limit.prefixV4 : limit.prefixV6)
        // No IPv6 client has an address that begins so: they would be multicast.
        let high = prefix.family == .v4 ? .max : prefix.high
        let upper = Self.fold(high ^ hash.0, hash.1)
        // Nothing but the hash tells clients apart, so all of its bits must.
        return Self.fold(Self.fold(upper ^ prefix.low, hash.1), 0x9e37_79b9_7f4a_7c15)
    }

    private static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
