public import DNSWire

/// What an answer is found under, apart from the question itself.
@frozen
public struct CacheKey: Equatable, Sendable, BitwiseCopyable {
    /// A seeded hash of the folded question and the bits below.
    public let hash: UInt64
    /// DO and CD: they change the answer (RFC 6840 section 5.9).
    @usableFromInline let bits: UInt8
    /// Where the answer came from; answers of different routes do not mix.
    public let route: UInt8

    /// Tells what is known of a name and all below it from answers to one question.
    static let cutBit: UInt8 = 4

    /// Whether the client asked for the proofs, which an answer made here cannot bring.
    var wantsProofs: Bool { bits & 1 == 1 }

    @inlinable
    init(hash: UInt64, bits: UInt8, route: UInt8) {
        self.hash = hash
        self.bits = bits
        self.route = route
    }
}

/// A hash that nobody can predict who does not know the process's secret.
///
/// Multiply and fold, 64 bits at a time. Names are chosen by others: with a known hash they could
/// all be made to meet in one place.
@frozen
public struct KeyedHash: Sendable, BitwiseCopyable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64

    /// Takes two secret random numbers.
    public init(_ first: UInt64, _ second: UInt64) {
        self.first = first
        // An even multiplier would lose bits.
        self.second = second | 1
    }

    /// The key of a folded question (name, TYPE, CLASS) with what else tells answers apart.
    @inlinable
    public func key(
        _ question: RawSpan, dnssecOK: Bool, checkingDisabled: Bool, route: UInt8 = 0
    ) -> CacheKey {
        let bits: UInt8 = (dnssecOK ? 1 : 0) | (checkingDisabled ? 2 : 0)
        var state = first
        var offset = 0
        while offset < question.byteCount {
            let word = CaseFolding.loadWord(
                question, at: offset, available: question.byteCount &- offset)
            state = Self.fold(state ^ word, second)
            offset &+= 8
        }
        // Last, so that no octets of a name can make up for a difference in these.
        let rest = UInt64(bits) << 32 | UInt64(route) << 16 | UInt64(question.byteCount)
        return CacheKey(
            hash: Self.fold(state ^ first ^ rest, 0x9e37_79b9_7f4a_7c15), bits: bits, route: route)
    }

    /// The key of what is known of all names at and below the folded `name`, along `route`.
    func cutKey(_ name: RawSpan, route: UInt8) -> CacheKey {
        let plain = key(name, dnssecOK: false, checkingDisabled: false, route: route)
        return CacheKey(
            hash: Self.fold(plain.hash, second), bits: CacheKey.cutBit, route: plain.route)
    }

    @inlinable
    @inline(__always)
    static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
