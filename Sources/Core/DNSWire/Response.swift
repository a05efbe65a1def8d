/// Why a message from an upstream is not the answer that was waited for.
public enum ResponseDefect: Error, Equatable, Sendable {
    case tooShort
    /// QR is clear.
    case notAResponse
    case wrongOpcode
    /// Not exactly one question, or another one than was asked (RFC 7766 section 7).
    case wrongQuestion
    case malformed(WireError)
    /// TC is set, which makes no sense on a stream.
    case truncated
}

/// An upstream's answer that has been checked from end to end, as places in its message.
@frozen
public struct Response: Equatable, Sendable {
    public let flags: Flags
    public let code: ResponseCode
    public let question: Question
    public let answerCount: UInt16
    public let authorityCount: UInt16
    /// Additional records before the OPT record, which are the ones that are passed on.
    public let additionalCount: UInt16
    /// Where the records that are passed on end.
    public let end: Int
    public let edns: EDNS?

    /// Checks `message` against the `question` it must answer: a folded name, TYPE and CLASS.
    ///
    /// Every record is walked to its end. Octets after the last record are left out, and so are
    /// the OPT record and whatever additional records follow it: their names might point past it.
    @inlinable
    public init(_ message: RawSpan, answering expected: RawSpan) throws(ResponseDefect) {
        guard let header = Header(message) else { throw .tooShort }
        guard header.flags.contains(.response) else { throw .notAResponse }
        guard header.flags.opcode == 0 else { throw .wrongOpcode }
        let nameLength = expected.byteCount &- 4
        let fields = Question.offset &+ nameLength
        guard header.questionCount == 1, message.byteCount &- fields >= 4,
            CaseFolding.equal(message, at: Question.offset, expected, at: 0, length: nameLength),
            message.uint32(at: fields) == expected.uint32(at: nameLength)
        else { throw .wrongQuestion }
        guard !header.flags.contains(.truncated) else { throw .truncated }
        do throws(WireError) {
            // The name is the expected one letter by letter, so it needs no walk of its own.
            let question = Question(message, nameLength: nameLength)
            self = try Response(message, header, question)
        } catch {
            throw .malformed(error)
        }
    }

    /// Walks the records of a message whose question is known to be the right one.
    @inlinable
    init(_ message: RawSpan, _ header: Header, _ question: Question) throws(WireError) {
        var offset = question.end
        for _ in 0..<(Int(header.answerCount) &+ Int(header.authorityCount)) {
            let record = try ResourceRecord(message, at: offset)
            guard record.type != .opt else { throw .badOption }
            offset = record.data.upperBound
        }
        var edns: EDNS?
        var end = offset
        var kept: UInt16 = 0
        for _ in 0..<header.additionalCount {
            let record = try ResourceRecord(message, at: offset)
            offset = record.data.upperBound
            if record.type == .opt {
                guard edns == nil, message.octet(at: record.start) == 0 else { throw .badOption }
                edns = try EDNS(message, fields: record.fields, data: record.data)
            } else if edns == nil {
                end = offset
                kept &+= 1
            }
        }
        flags = header.flags
        code = ResponseCode(
            rawValue: UInt16(edns?.upperCode ?? 0) << 4 | UInt16(header.flags.responseCode))
        self.question = question
        answerCount = header.answerCount
        authorityCount = header.authorityCount
        additionalCount = kept
        self.end = end
        self.edns = edns
    }
}
