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
    public init?(_ message: RawSpan) {
        guard message.byteCount >= Self.byteCount else { return nil }
        id = message.uint16(at: 0)
        flags = Flags(rawValue: message.uint16(at: 2))
        questionCount = message.uint16(at: 4)
        answerCount = message.uint16(at: 6)
        authorityCount = message.uint16(at: 8)
        additionalCount = message.uint16(at: 10)
    }

    /// Writes the header to the first 12 octets of `message`, which must have them.
    @inlinable
    public func write(to message: inout MutableRawSpan) {
        message.setUInt16(id, at: 0)
        message.setUInt16(flags.rawValue, at: 2)
        message.setUInt16(questionCount, at: 4)
        message.setUInt16(answerCount, at: 6)
        message.setUInt16(authorityCount, at: 8)
        message.setUInt16(additionalCount, at: 10)
    }
}
