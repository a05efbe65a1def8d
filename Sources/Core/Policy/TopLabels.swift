public import DNSWire

/// How the last labels among some names end: a look that spares nearly every query another.
public struct TopLabels: Equatable, Sendable, BitwiseCopyable {
    /// A bit is set for each; some share one.
    @usableFromInline var bits: UInt64 = 0

    /// None at all.
    public init() {}

    /// Adds the end of `name`.
    mutating func insert(_ name: RawSpan) {
        bits |= 1 << Self.place(of: name, length: name.byteCount)
    }

    /// Whether there may be a name that ends as the folded name in the first `length` octets does.
    @inlinable
    @inline(__always)
    public func mayHold(_ name: RawSpan, length: Int) -> Bool {
        bits >> Self.place(of: name, length: length) & 1 == 1
    }

    /// Chosen by the last two octets before the root, so that no label need be found.
    ///
    /// The factor is one that keeps the common domains apart from those known here (a test has
    /// both lists).
    @inlinable
    @inline(__always)
    static func place(of name: RawSpan, length: Int) -> UInt64 {
        guard length >= 3, length <= name.byteCount else { return 0 }
        return (UInt64(name.octet(at: length &- 3)) &* 38 &+ UInt64(name.octet(at: length &- 2)))
            & 63
    }
}
