import DNSWire

/// What must hold of any octets that a client or an upstream may send.
///
/// Fuzz targets and tests ask `violation(by:)`, which gives the property that does not hold. The
/// buffers are made once, since it is asked hundreds of thousands of times.
public struct MessageProperties {
    private var output = [UInt8](repeating: 0, count: 65_535)
    private var question = [UInt8](repeating: 0, count: 264)

    public init() {}

    /// How an input was taken, so that a replay can tell whether it still reaches everything.
    public enum Outcome: Hashable, Sendable {
        case nothing
        case refused
        case accepted
        case answer
    }

    /// Judges `bytes` as a query and as an answer to their own question, and answers them.
    public mutating func violation(by bytes: [UInt8]) -> (Outcome, StaticString?) {
        var outcome = Outcome.nothing
        if let found = TransferProperties.violation(by: bytes) { return (outcome, found) }
        switch QueryVerdict(bytes.span.bytes) {
        case .drop:
            guard bytes.count < 12 || bytes[2] & 0x80 != 0 else { return (outcome, "dropped") }
        case .refuse(let refusal):
            outcome = .refused
            if let found = violation(of: refusal, to: bytes) { return (outcome, found) }
        case .accept(let query):
            outcome = .accepted
            if let found = violation(forwarding: query, bytes) { return (outcome, found) }
        }
        guard let length = foldQuestion(of: bytes) else { return (outcome, nil) }
        do throws(ResponseDefect) {
            let response = try Response(bytes.span.bytes, answering: question.span.bytes, length)
            outcome = .answer
            return (outcome, violation(copying: response, of: bytes, length))
        } catch {
            return (outcome, nil)
        }
    }

    private mutating func violation(
        of refusal: Refusal, to query: [UInt8]
    ) -> StaticString? {
        let length = write(capacity: Reply.minimumCapacity) { bytes in
            refusal.write(answering: query.span.bytes, payloadSize: 1232, into: &bytes)
        }
        // An extended error is all that a refusal may add.
        guard length >= 12, length <= query.count + 6 else { return "a refusal amplifies" }
        guard output[0] == query[0], output[1] == query[1] else { return "another id" }
        guard output[2] == query[2] & 0x79 | 0x80, output[3] & 0x70 == 0 else {
            return "flags of a refusal"
        }
        guard output[4..<12].allSatisfy({ $0 == 0 }) != (refusal.question != nil) else {
            return "counts of a refusal"
        }
        return nil
    }

    private mutating func violation(
        forwarding query: ClientQuery, _ bytes: [UInt8]
    ) -> StaticString? {
        guard bytes[2] & 0xf9 == 1, query.question.end <= bytes.count else { return "accepted" }
        let spelling = fold(query.question, of: bytes)
        let asked = query.question.byteCount
        for block in [1, 128, 468] {
            let upstream = UpstreamQuery(
                id: query.id, flags: query.forwardedFlags, dnssecOK: query.edns?.dnssecOK ?? false,
                asksKeepalive: block == 128, paddingBlock: block)
            let capacity = UpstreamQuery.maximumByteCount(paddingBlock: block)
            let name = question
            let length = write(capacity: capacity) { bytes in
                upstream.write(question: name.span.bytes.extracting(0..<asked), into: &bytes)
            }
            guard length % block == 0 else { return "a query that is not padded" }
            guard case .accept(let copy) = QueryVerdict(output.span.bytes.extracting(0..<length)),
                copy.question == query.question
            else { return "a query that we would refuse" }
        }
        return violation(failing: query, spelling, bytes)
    }

    /// Writes SERVFAIL to the client, whose question must come back letter by letter.
    private mutating func violation(
        failing query: ClientQuery, _ spelling: SpellingMask, _ bytes: [UInt8]
    ) -> StaticString? {
        let asked = query.question.byteCount
        let name = question
        let client = Reply(
            id: query.id, flags: query.flags, hasEDNS: query.edns != nil,
            dnssecOK: query.edns?.dnssecOK ?? false, sizeLimit: 512, payloadSize: 1232,
            keepalive: 100)
        let length = write(capacity: Reply.minimumCapacity) { bytes in
            let length = client.write(
                code: .serverFailure, extendedError: .networkError, extraText: [1, 2, 3],
                question: name.span.bytes.extracting(0..<asked), into: &bytes)
            CaseFolding.unfold(&bytes, from: 12, length: asked - 4, mask: spelling)
            return length
        }
        guard output[12..<(12 + asked)] == bytes[12..<(12 + asked)] else { return "the spelling" }
        guard let copy = parse(length, asked) else { return "our own answer" }
        guard copy.code == .serverFailure, copy.end == 12 + asked else { return "its code" }
        return (copy.edns != nil) == (query.edns != nil) ? nil : "its OPT record"
    }

    private mutating func violation(
        copying response: Response, of message: [UInt8], _ asked: Int
    ) -> StaticString? {
        guard response.end <= message.count else { return "an end past the end" }
        for limit in [512, 1232, 4096, 65_535] {
            for hasEDNS in [false, true] {
                let found = violation(
                    copying: response, of: message, asked, limit: limit, hasEDNS: hasEDNS)
                if let found { return found }
            }
        }
        return nil
    }

    private mutating func violation(
        copying response: Response, of message: [UInt8], _ asked: Int, limit: Int, hasEDNS: Bool
    ) -> StaticString? {
        let name = question
        let client = Reply(
            id: 1, flags: .recursionDesired, hasEDNS: hasEDNS, dnssecOK: hasEDNS, sizeLimit: limit,
            payloadSize: 1232,
            keepalive: limit == 65_535 ? 100 : nil)
        let length = write(capacity: 65_535) { bytes in
            client.write(
                response, of: message.span.bytes,
                question: name.span.bytes.extracting(0..<asked), into: &bytes)
        }
        guard length >= 12, length <= limit else { return "a reply of a wrong length" }
        if output[2] & 0x02 != 0 {
            guard limit < 65_535, response.end + 11 > limit else { return "TC without need" }
            output[2] &= ~0x02
            guard let copy = parse(length, asked), copy.answerCount == 0,
                copy.end == 12 + asked, (copy.edns != nil) == hasEDNS
            else { return "a truncated reply" }
            return nil
        }
        guard let copy = parse(length, asked) else { return "a reply is malformed" }
        guard copy.end == response.end, copy.answerCount == response.answerCount,
            copy.authorityCount == response.authorityCount,
            copy.additionalCount == response.additionalCount
        else { return "a reply has other records" }
        guard output[(12 + asked)..<copy.end] == message[(12 + asked)..<copy.end] else {
            return "a record was changed"
        }
        return nil
    }

    /// Writes to the first `capacity` octets of the output.
    private mutating func write(
        capacity: Int, _ body: (inout MutableRawSpan) -> Int
    ) -> Int {
        output.withUnsafeMutableBytes { buffer in
            var part = UnsafeMutableRawBufferPointer(rebasing: buffer[..<capacity]).mutableBytes
            return body(&part)
        }
    }

    private mutating func fold(_ found: Question, of message: [UInt8]) -> SpellingMask {
        let end = 12 + found.nameLength
        for offset in 12..<end {
            let octet = message[offset]
            question[offset - 12] = (0x41...0x5a).contains(octet) ? octet + 0x20 : octet
        }
        for offset in end..<(end + 4) { question[offset - 12] = message[offset] }
        return CaseFolding.spelling(
            of: message.span.bytes, from: 12, length: found.nameLength)
    }

    /// Folds the question that `message` has, if it has one, and gives its length.
    private mutating func foldQuestion(of message: [UInt8]) -> Int? {
        guard message.count >= 12, let found = try? Question(message.span.bytes) else { return nil }
        _ = fold(found, of: message)
        return found.byteCount
    }

    private func parse(_ length: Int, _ asked: Int) -> Response? {
        try? Response(
            output.span.bytes.extracting(0..<length), answering: question.span.bytes, asked)
    }
}

extension Response {
    fileprivate init(
        _ message: RawSpan, answering question: RawSpan, _ length: Int
    ) throws(ResponseDefect) {
        try self.init(message, answering: question.extracting(0..<length))
    }
}
