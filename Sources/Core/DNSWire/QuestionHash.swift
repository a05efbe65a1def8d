/// A keyed hash of folded questions, so that nobody outside can make them collide.
@frozen
public struct QuestionHash: Sendable, BitwiseCopyable {
    @usableFromInline let key: UInt64
    @usableFromInline let multiplier: UInt64

    /// Takes two random words as key.
    @inlinable
    public init(_ key: UInt64, _ multiplier: UInt64) {
        self.key = key
        self.multiplier = multiplier | 1
    }

    /// The hash of `question`, eight octets at a time.
    @inlinable
    public func hash(_ question: RawSpan) -> UInt64 {
        var state = key &+ UInt64(question.byteCount) &* multiplier
        var offset = 0
        while offset < question.byteCount {
            let word = CaseFolding.loadWord(
                question, at: offset, available: question.byteCount &- offset)
            let product = (state ^ word).multipliedFullWidth(by: multiplier)
            state = (product.high ^ product.low) &+ key
            offset &+= 8
        }
        return state
    }

    /// Whether two folded questions are the same, octet by octet.
    @inlinable
    public static func areEqual(_ one: RawSpan, _ other: RawSpan) -> Bool {
        guard one.byteCount == other.byteCount else { return false }
        var offset = 0
        while offset < one.byteCount {
            let available = one.byteCount &- offset
            guard
                CaseFolding.loadWord(one, at: offset, available: available)
                    == CaseFolding.loadWord(other, at: offset, available: available)
            else { return false }
            offset &+= 8
        }
        return true
    }
}
