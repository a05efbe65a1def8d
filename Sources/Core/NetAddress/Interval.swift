/// A length of monotonic time, in microseconds.
@frozen
public struct Interval: Comparable, Hashable, Sendable, BitwiseCopyable {
    public let microseconds: UInt64

    @inlinable
    public init(microseconds: UInt64) {
        self.microseconds = microseconds
    }

    public static let zero = Interval(microseconds: 0)

    /// `count` milliseconds, held at the largest interval.
    @inlinable
    public static func milliseconds(_ count: UInt64) -> Self {
        Self(microseconds: 1000) * count
    }

    /// `count` seconds, held at the largest interval.
    @inlinable
    public static func seconds(_ count: UInt64) -> Self {
        Self(microseconds: 1_000_000) * count
    }

    /// Whole seconds, as TTLs are counted, at most what fits.
    public var wholeSeconds: UInt32 { UInt32(clamping: microseconds / 1_000_000) }

    @inlinable
    public static func < (shorter: Self, longer: Self) -> Bool {
        shorter.microseconds < longer.microseconds
    }

    /// The sum, held at the largest interval.
    @inlinable
    public static func + (first: Self, second: Self) -> Self {
        let (sum, overflow) = first.microseconds.addingReportingOverflow(second.microseconds)
        return Self(microseconds: overflow ? .max : sum)
    }

    /// The interval `factor` times as long, held at the largest interval.
    @inlinable
    public static func * (interval: Self, factor: UInt64) -> Self {
        let (product, overflow) = interval.microseconds.multipliedReportingOverflow(by: factor)
        return Self(microseconds: overflow ? .max : product)
    }

    /// The interval cut into `divisor` equal parts; `divisor` is never zero.
    @inlinable
    public static func / (interval: Self, divisor: UInt64) -> Self {
        Self(microseconds: interval.microseconds / divisor)
    }
}
