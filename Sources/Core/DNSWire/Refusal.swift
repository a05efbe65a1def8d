/// An answer that is made here because the query will not be forwarded.
public struct Refusal: Equatable, Sendable {
    public let code: ResponseCode
    public let id: UInt16
    public let flags: Flags
    /// The question, when it could be read and is echoed.
    public let question: Question?
    public let edns: EDNS?
    public let extendedError: ExtendedErrorCode?
    /// Whether the client is to ask again over TCP.
    public let isTruncated: Bool

    @inlinable
    public init(
        _ code: ResponseCode, id: UInt16, flags: Flags, question: Question? = nil,
        edns: EDNS? = nil, extendedError: ExtendedErrorCode? = nil, isTruncated: Bool = false
    ) {
        self.code = code
        self.id = id
        self.flags = flags
        self.question = question
        self.edns = edns
        self.extendedError = extendedError
        self.isTruncated = isTruncated
    }

    /// Writes the answer to the refused `query` into `reply` and gives its length.
    ///
    /// `reply` has at least `Reply.minimumCapacity` octets. Nothing but id, OPCODE, RD and, where
    /// it was readable, the question is copied from what the client sent (RFC 1035 section 4.1.1).
    public func write(
        answering query: RawSpan, payloadSize: UInt16, into reply: inout MutableRawSpan
    ) -> Int {
        let kept = flags.intersection(.recursionDesired).union(flags.opcodeBits)
        var known: Flags = question == nil ? [] : .recursionAvailable
        if isTruncated { known.insert(.truncated) }
        let header = Header(
            id: id, flags: kept.union(.response).union(known).with(code),
            questionCount: question == nil ? 0 : 1, additionalCount: edns == nil ? 0 : 1)
        header.write(to: &reply)
        guard let question else { return Header.byteCount }
        reply.copy(query, Question.offset..<question.end, to: Question.offset)
        guard let edns else { return question.end }
        var option = OptionWriter(at: question.end, code: code, payloadSize: payloadSize)
        option.begin(dnssecOK: edns.dnssecOK, in: &reply)
        if let extendedError { option.addExtendedError(extendedError, in: &reply) }
        return option.finish(in: &reply)
    }
}
