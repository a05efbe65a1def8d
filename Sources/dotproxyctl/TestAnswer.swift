internal import DNSText
internal import DNSWire

/// What an answer tells of the server that gave it.
struct TestAnswer {
    let byteCount: Int
    let code: ResponseCode
    /// Whether there are signatures in it, and whether the server has checked them.
    let hasSignature: Bool
    let isValidated: Bool
    private let isPadded: Bool
    /// The server's idle timeout in tenths of a second, if it tells one.
    private let keepalive: UInt16?
    private let hasEDNS: Bool

    /// Reads an answer to the folded `question`; `nil` when it is none.
    init?(_ message: RawSpan, question: RawSpan) {
        guard let response = try? Response(message, answering: question),
            let header = Header(message)
        else { return nil }
        byteCount = message.byteCount
        code = response.code
        isValidated = header.flags.contains(.authenticData)
        var (offset, hasSignature, options) = (Question.offset + question.byteCount, false, 0..<0)
        let count =
            Int(header.answerCount) + Int(header.authorityCount) + Int(header.additionalCount)
        for _ in 0..<count {
            guard let record = try? ResourceRecord(message, at: offset) else { break }
            offset = record.data.upperBound
            if record.type == .rrsig { hasSignature = true }
            if record.type == .opt { options = record.data }
        }
        self.hasSignature = hasSignature
        hasEDNS = response.edns != nil
        keepalive = response.edns.flatMap { $0.hasKeepalive ? $0.keepalive : nil }
        isPadded = Self.has(EDNS.Option.padding, in: options, of: message)
    }

    private static func has(_ code: UInt16, in options: Range<Int>, of message: RawSpan) -> Bool {
        var offset = options.lowerBound
        while options.upperBound - offset >= 4 {
            if message.uint16(at: offset) == code { return true }
            offset += 4 + Int(message.uint16(at: offset + 2))
        }
        return false
    }

    var words: String {
        let idle = keepalive.map { "idle timeout \($0 / 10).\($0 % 10) s" }
        return [
            code.text, "\(byteCount) octets", hasEDNS ? nil : "WITHOUT EDNS",
            isPadded ? "padded" : "NOT padded", idle ?? "no word on the idle timeout",
        ].compactMap(\.self).joined(separator: ", ")
    }
}
