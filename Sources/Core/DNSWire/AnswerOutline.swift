/// An answer apart from its question and its records: what its header says.
@frozen
public struct AnswerOutline: Equatable, Sendable {
    /// The flags, of which QR, AA, RA and AD count.
    public var flags: Flags
    public var code: ResponseCode
    public var answerCount: UInt16
    public var authorityCount: UInt16
    /// Additional records, OPT aside.
    public var additionalCount: UInt16

    @inlinable
    public init(
        flags: Flags, code: ResponseCode, answerCount: UInt16, authorityCount: UInt16,
        additionalCount: UInt16
    ) {
        self.flags = flags
        self.code = code
        self.answerCount = answerCount
        self.authorityCount = authorityCount
        self.additionalCount = additionalCount
    }
}

extension Response {
    /// What its header says, without what is not passed on.
    @inlinable
    public var outline: AnswerOutline {
        AnswerOutline(
            flags: flags, code: code, answerCount: answerCount, authorityCount: authorityCount,
            additionalCount: additionalCount)
    }

    /// Where the records are that are passed on.
    @inlinable
    public var records: Range<Int> { question.end..<end }
}
