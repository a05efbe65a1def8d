internal import DNSWire

/// Which last labels there are among some names: a look that spares nearly every query another.
public struct TopLabels: Equatable, Sendable, BitwiseCopyable {
    /// A bit is set for each; some share one.
    private var bits: UInt64 = 0

    /// None at all.
    public init() {}

    /// Adds the last label of `name`.
    mutating func insert(_ name: RawSpan) {
        bits |= 1 << Self.place(of: name)
    }

    /// Whether there may be a name that ends as the folded `name` does.
    @inline(__always)
    public func mayHold(_ name: RawSpan) -> Bool { bits >> Self.place(of: name) & 1 == 1 }

    @inline(__always)
    private static func place(of name: RawSpan) -> UInt64 {
        var top = 0
        var offset = 0
        while offset < name.byteCount {
            let length = Int(name.octet(at: offset))
            if length == 0 { break }
            top = offset
            offset &+= 1 &+ length
        }
        guard name.byteCount &- top >= 2 else { return 0 }
        return (UInt64(name.octet(at: top)) &* 7 &+ UInt64(name.octet(at: top &+ 1))) & 63
    }
}
