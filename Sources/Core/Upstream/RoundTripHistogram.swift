public import NetAddress

/// How long an upstream has taken for all its answers, counted by powers of two.
public struct RoundTripHistogram: Sendable, BitwiseCopyable {
    /// Bits of the microseconds that the first bucket takes: just over a millisecond.
    private static let firstBits = 10
    /// The last one takes what is longer than four seconds.
    public static let buckets = 14

    private var counts = InlineArray<14, UInt64>(repeating: 0)
    /// All times together.
    public private(set) var sum = Interval.zero

    public init() {}

    mutating func add(_ roundTrip: Interval) {
        // One less, so that a bound itself is not beyond it.
        let whole = max(roundTrip.microseconds, 1) - 1
        let bits = UInt64.bitWidth - whole.leadingZeroBitCount
        counts[min(max(bits - Self.firstBits, 0), Self.buckets - 1)] &+= 1
        sum = sum + roundTrip
    }

    /// Adds what another worker has counted.
    public mutating func add(_ other: RoundTripHistogram) {
        for bucket in 0..<Self.buckets { counts[bucket] &+= other.counts[bucket] }
        sum = sum + other.sum
    }

    /// The number of all answers.
    public var count: UInt64 {
        (0..<Self.buckets).reduce(0) { $0 &+ counts[$1] }
    }

    /// The number of answers in a bucket.
    public subscript(bucket: Int) -> UInt64 { counts[bucket] }

    /// What is not longer than this is in `bucket` or one before; `nil` for the last one.
    public static func bound(of bucket: Int) -> Interval? {
        bucket < buckets - 1 ? Interval(microseconds: 1 << UInt64(firstBits + bucket)) : nil
    }
}
