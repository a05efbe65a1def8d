/// The fixed 12 octets at the start of every message (RFC 1035 section 4.1.1).
@frozen
public struct Header: Equatable, Sendable {
    /// The size of a header.
    public static let byteCount = 12

    public var id: UInt16
    public var flags: Flags
    public var questionCount: UInt16
    public var answerCount: UInt16
    public var authorityCount: UInt16
    public var additionalCount: UInt16

    @inlinable
    public init(
        id: UInt16, flags: Flags, questionCount: UInt16 = 1, answerCount: UInt16 = 0,
        authorityCount: UInt16 = 0, additionalCount: UInt16 = 0
    ) {
        self.id = id
        self.flags = flags
        self.questionCount = questionCount
        self.answerCount = answerCount
        self.authorityCount = authorityCount
        self.additionalCount = additionalCount
    }

    /// Reads the header of `message`, or `nil` when it is shorter than one.
    @inlinable
    @inline(__always)
    public init?(_ message: RawSpan) {
        guard message.byteCount >= Self.byteCount else { return nil }
        let start = message.uint64(at: 0)
        let rest = message.uint32(at: 8)
        id = UInt16(truncatingIfNeeded: start >> 48)
        flags = Flags(rawValue: UInt16(truncatingIfNeeded: start >> 32))
        questionCount = UInt16(truncatingIfNeeded: start >> 16)
        answerCount = UInt16(truncatingIfNeeded: start)
        authorityCount = UInt16(truncatingIfNeeded: rest >> 16)
        additionalCount = UInt16(truncatingIfNeeded: rest)
    }

    /// Writes the header to the first 12 octets of `message`, which must have them.
    @inlinable
    @inline(__always)
    public func write(to message: inout MutableRawSpan) {
        let start = UInt32(id) << 16 | UInt32(flags.rawValue)
        let counts = UInt32(questionCount) << 16 | UInt32(answerCount)
        message.setUInt64(UInt64(start) << 32 | UInt64(counts), at: 0)
        message.setUInt32(UInt32(authorityCount) << 16 | UInt32(additionalCount), at: 8)
    }
}
