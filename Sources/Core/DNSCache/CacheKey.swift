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

    /// Tells that asking for an answer that has expired has failed.
    static let recheckBit: UInt8 = 8

    /// Whether the client asked for the proofs, which an answer made here cannot bring.
    var wantsProofs: Bool { bits & 1 == 1 }

    @inlinable
    init(hash: UInt64, bits: UInt8, route: UInt8) {
        self.hash = hash
        self.bits = bits
        self.route = route
    }
}
