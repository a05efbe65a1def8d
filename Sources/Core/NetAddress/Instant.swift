/// A point in monotonic time, in microseconds since an arbitrary start.
///
/// The event loop reads the clock once per wake-up and hands the value down, so a test can drive
/// everything that decides by hand.
@frozen
public struct Instant: Comparable, Hashable, Sendable, BitwiseCopyable {
    public let microseconds: UInt64

    @inlinable
    public init(microseconds: UInt64) {
        self.microseconds = microseconds
    }

    /// Whole seconds since the start, as TTLs are counted.
    @inlinable
    public var wholeSeconds: UInt32 { UInt32(truncatingIfNeeded: microseconds / 1_000_000) }

    /// Later than any instant a clock will read.
    public static let distantFuture = Instant(microseconds: .max)

    @inlinable
    public static func < (earlier: Self, later: Self) -> Bool {
        earlier.microseconds < later.microseconds
    }

    /// The instant `interval` after `start`, at most `distantFuture`.
    @inlinable
    public static func + (start: Self, interval: Interval) -> Self {
        let (sum, overflow) = start.microseconds.addingReportingOverflow(interval.microseconds)
        return Self(microseconds: overflow ? .max : sum)
    }

    /// The time from `earlier` to `later`, zero when they are the other way round.
    @inlinable
    public static func - (later: Self, earlier: Self) -> Interval {
        guard later.microseconds > earlier.microseconds else { return .zero }
        return Interval(microseconds: later.microseconds &- earlier.microseconds)
    }
}
