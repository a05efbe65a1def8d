/// An answer on its way to one client: its id, its spelling, its EDNS, its size.
@frozen
public struct Reply: Sendable {
    public var id: UInt16
    /// The client's flags, of which RD, CD and, as a wish, AD count.
    public var flags: Flags
    public var spelling: SpellingMask
    /// Whether the client sent EDNS: only then does the answer carry it (RFC 6891 section 7).
    public var hasEDNS: Bool
    public var dnssecOK: Bool
    /// The longest message that the client takes.
    public var sizeLimit: Int
    /// The UDP size announced in our OPT record.
    public var payloadSize: UInt16
    /// The idle timeout for a TCP client that asked, in units of 100 ms (RFC 7828).
    public var keepalive: UInt16?

    /// Room enough for every answer that is made here: header, question, OPT with an extended
    /// error of `maximumExtraText` octets.
    public static let minimumCapacity = 512
    /// The longest EXTRA-TEXT sent; with it the answer still fits 512 octets.
    public static let maximumExtraText = 200

    @inlinable
    public init(
        id: UInt16, flags: Flags, spelling: SpellingMask, hasEDNS: Bool, dnssecOK: Bool,
        sizeLimit: Int, payloadSize: UInt16, keepalive: UInt16?
    ) {
        self.id = id
        self.flags = flags
        self.spelling = spelling
        self.hasEDNS = hasEDNS
        self.dnssecOK = dnssecOK
        self.sizeLimit = sizeLimit
        self.payloadSize = payloadSize
        self.keepalive = keepalive
    }

    /// Writes the client's copy of an upstream's answer and gives its length.
    ///
    /// `question` is the folded question; `message` holds what `response` describes. An answer
    /// that is longer than the client takes becomes the question with TC, so that the client asks
    /// again over TCP (RFC 2181 section 9).
    @inlinable
    public func write(
        _ response: Response, of message: RawSpan, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        let limit = min(sizeLimit, reply.byteCount)
        let optionSize = hasEDNS ? EDNS.minimumByteCount : 0
        guard response.end &+ optionSize <= limit else {
            guard hasEDNS, sizeLimit >= Int(UInt16.max), response.end <= limit else {
                return writeTruncated(response, question: question, into: &reply)
            }
            // A stream takes no more than this and there is no asking again on a wider one: better
            // the whole answer without an OPT record than none.
            var plain = self
            plain.hasEDNS = false
            return plain.write(response, of: message, question: question, into: &reply)
        }
        var header = Header(id: id, flags: answerFlags(response))
        header.answerCount = response.answerCount
        header.authorityCount = response.authorityCount
        header.additionalCount = response.additionalCount &+ (hasEDNS ? 1 : 0)
        header.write(to: &reply)
        writeQuestion(question, into: &reply)
        let body = Header.byteCount &+ question.byteCount
        reply.copy(message, body..<response.end, to: body)
        guard hasEDNS else { return response.end }
        var option = OptionWriter(
            at: response.end, code: response.code, payloadSize: payloadSize)
        option.begin(dnssecOK: dnssecOK, in: &reply)
        var used = response.end &+ EDNS.minimumByteCount
        if let keepalive, limit &- used >= 6 {
            option.addKeepalive(hundredMilliseconds: keepalive, in: &reply)
            used &+= 6
        }
        if let edns = response.edns, edns.extendedErrorLength > 0,
            limit &- used >= edns.extendedErrorLength
        {
            let start = edns.extendedErrorStart
            option.addCopy(
                of: message, start..<(start &+ edns.extendedErrorLength), in: &reply)
        }
        return option.finish(in: &reply)
    }

    /// Writes an answer of our own, without records, and gives its length.
    ///
    /// `reply` has at least `minimumCapacity` octets, `extraText` at most `maximumExtraText`.
    public func write(
        code: ResponseCode, extendedError: ExtendedErrorCode?, extraText: [UInt8],
        question: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        let own: Flags = [.response, .recursionAvailable]
        let flags = echoedFlags.union(own).with(code)
        Header(id: id, flags: flags, additionalCount: hasEDNS ? 1 : 0).write(to: &reply)
        writeQuestion(question, into: &reply)
        let end = Header.byteCount &+ question.byteCount
        guard hasEDNS else { return end }
        var option = OptionWriter(at: end, code: code, payloadSize: payloadSize)
        option.begin(dnssecOK: dnssecOK, in: &reply)
        if let keepalive { option.addKeepalive(hundredMilliseconds: keepalive, in: &reply) }
        if let extendedError {
            option.addExtendedError(extendedError, text: extraText, in: &reply)
        }
        return option.finish(in: &reply)
    }

    @usableFromInline
    func writeTruncated(
        _ response: Response, question: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        let flags = answerFlags(response).union(.truncated)
        Header(id: id, flags: flags, additionalCount: hasEDNS ? 1 : 0).write(to: &reply)
        writeQuestion(question, into: &reply)
        let end = Header.byteCount &+ question.byteCount
        guard hasEDNS else { return end }
        var option = OptionWriter(at: end, code: response.code, payloadSize: payloadSize)
        option.begin(dnssecOK: dnssecOK, in: &reply)
        return option.finish(in: &reply)
    }

    @inlinable
    func writeQuestion(_ question: RawSpan, into reply: inout MutableRawSpan) {
        reply.copy(question, 0..<question.byteCount, to: Question.offset)
        CaseFolding.unfold(
            &reply, from: Question.offset, length: question.byteCount &- 4, mask: spelling)
    }

    /// RD and CD are the client's own in every answer.
    @inlinable
    var echoedFlags: Flags {
        flags.intersection([.recursionDesired, .checkingDisabled])
    }

    /// The upstream's flags with the client's own; AD only for a client that can use it
    /// (RFC 6840 section 5.8), and an RCODE beyond four bits only together with EDNS.
    @inlinable
    func answerFlags(_ response: Response) -> Flags {
        var kept = response.flags.intersection([
            .response, .authoritative, .recursionAvailable, .authenticData,
        ])
        if !dnssecOK, !flags.contains(.authenticData) { kept.remove(.authenticData) }
        let code: ResponseCode =
            response.code.rawValue < 16 || hasEDNS ? response.code : .serverFailure
        return kept.union(echoedFlags).with(code)
    }
}
