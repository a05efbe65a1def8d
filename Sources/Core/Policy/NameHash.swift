internal import DNSWire

/// A hash of names, keyed with a secret, that a walk from the root gets for every name on its way.
///
/// Multiply and fold, 64 bits at a time, from the end of the name: what has been hashed of a name
/// is the same for all names below it.
struct NameHash: BitwiseCopyable {
    private let seed: UInt64
    private let multiplier: UInt64

    /// Takes two secret random numbers.
    init(_ first: UInt64, _ second: UInt64) {
        seed = first
        // An even multiplier would lose bits.
        multiplier = second | 1
    }

    /// How far a walk has come: the whole words that stand behind the labels to come.
    struct Walk: BitwiseCopyable {
        fileprivate var state: UInt64
        /// Where the words begin; at first, where the root label is.
        fileprivate(set) var end: Int
    }

    /// Begins a walk at the root label.
    @inline(__always)
    func walk(from end: Int) -> Walk {
        Walk(state: seed, end: end)
    }

    /// The hash of what `name` is from `start` on, root label aside; each `start` of a walk is
    /// before the last one.
    @inline(__always)
    func extend(_ walk: inout Walk, _ name: RawSpan, to start: Int) -> UInt64 {
        while walk.end &- start >= 8 {
            walk.end &-= 8
            walk.state = fold(walk.state ^ name.word(at: walk.end), multiplier)
        }
        let rest = Self.octets(of: name, start, walk.end)
        // A table keeps its slots in the order of hashes: names that differ in a few characters
        // must not stay together.
        return fold(fold(walk.state ^ rest, multiplier), 0x9e37_79b9_7f4a_7c15)
    }

    /// Fewer than eight octets as a word; the call is for short names at the end of a span.
    @inline(__always)
    private static func octets(of name: RawSpan, _ start: Int, _ end: Int) -> UInt64 {
        let count = end &- start
        guard name.byteCount &- start >= 8 else {
            return CaseFolding.loadWord(name, at: start, available: count)
        }
        let unused = UInt64(truncatingIfNeeded: count &* 8)
        return name.word(at: start) & ((1 &<< unused) &- 1)
    }

    @inline(__always)
    private func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
