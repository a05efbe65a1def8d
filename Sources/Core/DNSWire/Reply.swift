/// An answer on its way to one client: its id, its EDNS, its size.
///
/// What is written begins with the header and the question, so that who has the question in lower
/// case only can put the client's spelling right afterwards (`CaseFolding.unfold`).
@frozen
public struct Reply: Sendable {
    public var id: UInt16
    /// The client's flags, of which RD, CD and, as a wish, AD count.
    public var flags: Flags
    /// Whether the client sent EDNS: only then does the answer carry it (RFC 6891 section 7).
    public var hasEDNS: Bool
    public var dnssecOK: Bool
    @usableFromInline var storedLimit: UInt16
    /// The UDP size announced in our OPT record.
    public var payloadSize: UInt16
    /// The idle timeout for a TCP client that asked, in units of 100 ms (RFC 7828).
    public var keepalive: UInt16?

    /// Room enough for every answer that is made here: header, question, OPT with an extended
    /// error of `maximumExtraText` octets.
    public static let minimumCapacity = 512
    /// The longest EXTRA-TEXT sent; with it the answer still fits 512 octets.
    public static let maximumExtraText = 200

    /// The longest message that the client takes, 65,535 octets at most.
    @inlinable
    public var sizeLimit: Int { Int(storedLimit) }

    @inlinable
    public init(
        id: UInt16, flags: Flags, hasEDNS: Bool, dnssecOK: Bool, sizeLimit: Int,
        payloadSize: UInt16, keepalive: UInt16?
    ) {
        self.id = id
        self.flags = flags
        self.hasEDNS = hasEDNS
        self.dnssecOK = dnssecOK
        storedLimit = UInt16(clamping: sizeLimit)
        self.payloadSize = payloadSize
        self.keepalive = keepalive
    }

    /// Writes the client's copy of an upstream's answer and gives its length.
    ///
    /// `question` is written as it is; `message` holds what `response` describes.
    @inlinable
    public func write(
        _ response: Response, of message: RawSpan, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        write(
            response.outline, records: message.extracting(response.records),
            extendedError: message.extracting(response.edns?.extendedError ?? 0..<0),
            question: question, into: &reply)
    }

    /// Writes the client's copy of an answer and gives its length.
    ///
    /// `records` are all sections after the question, `extendedError` is a whole EDNS option or
    /// nothing. An answer that is longer than the client takes becomes the question with TC, so
    /// that the client asks again over TCP (RFC 2181 section 9).
    @inlinable
    @inline(__always)
    public func write(
        _ outline: AnswerOutline, records: RawSpan, extendedError: RawSpan, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        let end = Header.byteCount &+ question.byteCount &+ records.byteCount
        let room = min(sizeLimit, reply.byteCount)
        guard end &+ (hasEDNS ? EDNS.minimumByteCount : 0) <= room else {
            return writeShort(
                outline, records: records, extendedError: extendedError, question: question,
                into: &reply)
        }
        return writeWhole(
            outline, records: records, extendedError: extendedError, question: question,
            into: &reply)
    }

    /// Writes what fits of an answer that does not fit.
    ///
    /// A stream takes no more than this and there is no asking again on a wider one: better the
    /// whole answer without an OPT record than none.
    @usableFromInline
    @inline(never)
    func writeShort(
        _ outline: AnswerOutline, records: RawSpan, extendedError: RawSpan, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        let end = Header.byteCount &+ question.byteCount &+ records.byteCount
        guard hasEDNS, sizeLimit >= Int(UInt16.max), end <= min(sizeLimit, reply.byteCount) else {
            return writeTruncated(outline, question: question, into: &reply)
        }
        var plain = self
        plain.hasEDNS = false
        return plain.writeWhole(
            outline, records: records, extendedError: extendedError, question: question,
            into: &reply)
    }

    /// Writes an answer for which there is room.
    @inlinable
    @inline(__always)
    func writeWhole(
        _ outline: AnswerOutline, records: RawSpan, extendedError: RawSpan, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        var header = Header(id: id, flags: answerFlags(outline))
        header.answerCount = outline.answerCount
        header.authorityCount = outline.authorityCount
        header.additionalCount = outline.additionalCount &+ (hasEDNS ? 1 : 0)
        header.write(to: &reply)
        let start = Header.byteCount &+ question.byteCount
        reply.copy(question, 0..<question.byteCount, to: Question.offset)
        reply.copy(records, 0..<records.byteCount, to: start)
        let end = start &+ records.byteCount
        guard hasEDNS else { return end }
        return writeOption(
            outline.code, extendedError: extendedError, from: end,
            limit: min(sizeLimit, reply.byteCount), into: &reply)
    }

    /// Writes the OPT record behind an answer, and gives the length of all.
    @inlinable
    func writeOption(
        _ code: ResponseCode, extendedError: RawSpan, from end: Int, limit: Int,
        into reply: inout MutableRawSpan
    ) -> Int {
        var option = OptionWriter(at: end, code: code, payloadSize: payloadSize)
        option.begin(dnssecOK: dnssecOK, in: &reply)
        var used = end &+ EDNS.minimumByteCount
        if let keepalive, limit &- used >= 6 {
            option.addKeepalive(hundredMilliseconds: keepalive, in: &reply)
            used &+= 6
        }
        if !extendedError.isEmpty, limit &- used >= extendedError.byteCount {
            option.addCopy(of: extendedError, 0..<extendedError.byteCount, in: &reply)
        }
        return option.finish(in: &reply)
    }

    /// Writes an answer that has expired, and says so (RFC 8914 sections 4.4 and 4.20).
    public func writeStale(
        _ outline: AnswerOutline, records: RawSpan, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        write(
            outline, records: records,
            reason: outline.code == .nameError ? .staleNameErrorAnswer : .staleAnswer,
            question: question, into: &reply)
    }

    /// Writes that there is still no answer, as was found a moment ago (RFC 8914 section 4.14).
    public func writeCachedFailure(
        _ outline: AnswerOutline, question: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        write(
            outline, records: RawSpan(), reason: .cachedError, question: question, into: &reply)
    }

    /// Writes an answer that says why it is what it is.
    public func write(
        _ outline: AnswerOutline, records: RawSpan, reason: ExtendedErrorCode, question: RawSpan,
        into reply: inout MutableRawSpan
    ) -> Int {
        let option: InlineArray<6, UInt8> = [
            0, UInt8(EDNS.Option.extendedError), 0, 2, 0,
            UInt8(truncatingIfNeeded: reason.rawValue),
        ]
        // Octets of trivial elements may be read as they are.
        return write(
            outline, records: records, extendedError: unsafe option.span.bytes,
            question: question, into: &reply)
    }

    /// Whether the answer in `reply` had to leave out its records.
    @inlinable
    public static func isTruncated(_ reply: borrowing MutableRawSpan) -> Bool {
        reply.octet(at: 2) & 0x02 != 0
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
        reply.copy(question, 0..<question.byteCount, to: Question.offset)
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
        _ outline: AnswerOutline, question: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        let flags = answerFlags(outline).union(.truncated)
        Header(id: id, flags: flags, additionalCount: hasEDNS ? 1 : 0).write(to: &reply)
        reply.copy(question, 0..<question.byteCount, to: Question.offset)
        let end = Header.byteCount &+ question.byteCount
        guard hasEDNS else { return end }
        var option = OptionWriter(at: end, code: outline.code, payloadSize: payloadSize)
        option.begin(dnssecOK: dnssecOK, in: &reply)
        return option.finish(in: &reply)
    }

    /// RD and CD are the client's own in every answer.
    @inlinable
    var echoedFlags: Flags {
        flags.intersection([.recursionDesired, .checkingDisabled])
    }

    /// The upstream's flags with the client's own; AD only for a client that can use it
    /// (RFC 6840 section 5.8), and an RCODE beyond four bits only together with EDNS.
    @inlinable
    func answerFlags(_ outline: AnswerOutline) -> Flags {
        var kept = outline.flags.intersection([
            .response, .authoritative, .recursionAvailable, .authenticData,
        ])
        if !dnssecOK, !flags.contains(.authenticData) { kept.remove(.authenticData) }
        let code: ResponseCode =
            outline.code.rawValue < 16 || hasEDNS ? outline.code : .serverFailure
        return kept.union(echoedFlags).with(code)
    }
}
