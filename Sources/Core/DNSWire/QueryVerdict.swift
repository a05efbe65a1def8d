/// What a received message deserves.
///
/// The rules are one table in docs/query-path.md, in the order in which they are applied here.
public enum QueryVerdict: Equatable, Sendable {
    case accept(ClientQuery)
    case refuse(Refusal)
    /// No answer at all: answering what is not a query makes loops.
    case drop

    /// Judges `message`, which is one datagram or one TCP frame.
    @inlinable
    @inline(__always)
    public init(_ message: RawSpan) {
        guard let header = Header(message), !header.flags.contains(.response) else {
            self = .drop
            return
        }
        guard header.flags.opcode == 0 else {
            self = .refuse(Refusal(.notImplemented, id: header.id, flags: header.flags))
            return
        }
        do throws(WireError) {
            self = try Self.judgeQuery(message, header)
        } catch {
            self = .refuse(Refusal(.formatError, id: header.id, flags: header.flags))
        }
    }

    @inlinable
    @inline(__always)
    static func judgeQuery(_ message: RawSpan, _ header: Header) throws(WireError) -> Self {
        guard header.questionCount == 1, header.answerCount == 0, header.authorityCount == 0,
            header.additionalCount <= 1
        else { throw .badRecordData }
        let question = try Question(message)
        let edns = try readOption(
            message, from: question.end, isAnnounced: header.additionalCount == 1)
        let query = ClientQuery(
            id: header.id, flags: header.flags, question: question, edns: edns)
        if isOrdinary(query) { return .accept(query) }
        guard let (code, reason) = policyRefusal(query) else { return .accept(query) }
        return .refuse(
            Refusal(
                code, id: header.id, flags: header.flags, question: question, edns: edns,
                extendedError: reason))
    }

    /// Reads the OPT record that is all a query may carry beside its question.
    @inlinable
    @inline(__always)
    static func readOption(
        _ message: RawSpan, from offset: Int, isAnnounced: Bool
    ) throws(WireError) -> EDNS? {
        guard isAnnounced else {
            guard offset == message.byteCount else { throw .trailingOctets }
            return nil
        }
        // A TSIG or SIG(0) cannot survive the rewriting of id and OPT (RFC 5625 section 4.5).
        guard message.byteCount &- offset >= EDNS.minimumByteCount,
            // The root as owner, and TYPE.
            message.uint32(at: offset) >> 8 == UInt32(RecordType.opt.rawValue)
        else { throw .badOption }
        let dataStart = offset &+ EDNS.minimumByteCount
        let dataEnd = dataStart &+ Int(message.uint16(at: offset &+ 9))
        guard dataEnd <= message.byteCount else { throw .truncated }
        guard dataEnd == message.byteCount else { throw .trailingOctets }
        return try EDNS(message, fields: offset &+ 1, data: dataStart..<dataEnd)
    }

    /// Whether no rule for single types or classes can be against it; true for nearly all.
    @inlinable
    @inline(__always)
    static func isOrdinary(_ query: ClientQuery) -> Bool {
        query.question.recordClass == .internet && query.question.type.rawValue < 128
            && query.question.type != .opt && query.flags.contains(.recursionDesired)
            && query.edns?.version ?? 0 == 0
    }

    /// Why a well-formed query is answered here, or `nil` when it is not.
    @inlinable
    static func policyRefusal(_ query: ClientQuery) -> (ResponseCode, ExtendedErrorCode?)? {
        if let edns = query.edns, edns.version != 0 { return (.badVersion, nil) }
        switch query.question.type {
        case .opt, .tkey, .tsig, .maila, .mailb: return (.formatError, nil)
        case .axfr, .ixfr: return (.refused, .notSupported)
        default: break
        }
        switch query.question.recordClass {
        case .reserved, .none, .any: return (.refused, .notSupported)
        default: break
        }
        // Without RD the question is what we have in memory: nobody else's business.
        guard query.flags.contains(.recursionDesired) else { return (.refused, .notAuthoritative) }
        return nil
    }
}
