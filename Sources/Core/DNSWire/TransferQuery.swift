/// A query for a zone, whole (RFC 5936) or what has changed (RFC 1995).
public struct TransferQuery: Equatable, Sendable {
    public let id: UInt16
    public let flags: Flags
    public let question: Question
    public let edns: EDNS?

    /// Whether only what has changed is asked for.
    public var isIncremental: Bool { question.type == .ixfr }

    /// Reads `message`; `nil` when it is anything but a well-formed query of this kind.
    ///
    /// It may carry the zone's SOA record that the client has, an OPT record and a signature: all
    /// of it is for the server.
    public init?(_ message: RawSpan) {
        guard let header = Header(message), !header.flags.contains(.response),
            header.flags.opcode == 0, header.questionCount == 1, header.answerCount == 0,
            header.authorityCount <= 1, header.additionalCount <= 2,
            let question = try? Question(message), question.recordClass == .internet,
            question.type == .axfr || question.type == .ixfr
        else { return nil }
        var offset = question.end
        var edns: EDNS?
        for _ in 0..<(Int(header.authorityCount) + Int(header.additionalCount)) {
            guard let record = try? ResourceRecord(message, at: offset) else { return nil }
            offset = record.data.upperBound
            guard record.type == .opt else { continue }
            guard edns == nil, message.octet(at: record.start) == 0,
                let option = try? EDNS(message, fields: record.fields, data: record.data)
            else { return nil }
            edns = option
        }
        guard offset == message.byteCount else { return nil }
        id = header.id
        flags = header.flags
        self.question = question
        self.edns = edns
    }
}
