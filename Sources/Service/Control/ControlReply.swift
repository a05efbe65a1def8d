/// The answer to a request: one line that says what came of it, then as many as there are to show.
///
/// On the wire the first line is `OK`, perhaps with a word, or `ERROR` and words; the last one is a
/// lone dot. A line in between that begins with a dot has another one in front (as in RFC 5321
/// section 4.5.2).
public struct ControlReply: Equatable, Sendable {
    public let isSuccess: Bool
    /// What stands behind `OK` or `ERROR`.
    public let words: String
    /// The lines to show, each with its end.
    public let body: String

    public init(isSuccess: Bool = true, words: String = "", body: String = "") {
        self.isSuccess = isSuccess
        self.words = words
        self.body = body
    }

    /// A refusal; the words are one line.
    public static func error(_ words: String, body: String = "") -> ControlReply {
        ControlReply(isSuccess: false, words: words, body: body)
    }

    /// The first line with its end.
    var heading: String {
        let line = (isSuccess ? "OK" : "ERROR") + (words.isEmpty ? "" : " \(words)")
        return String(line.map { $0.isNewline ? " " : $0 }) + "\n"
    }

    /// Lines as they are sent.
    static func stuffed(_ body: String) -> [UInt8] {
        var octets: [UInt8] = []
        octets.reserveCapacity(body.utf8.count + 1)
        var startsLine = true
        for octet in body.utf8 {
            if startsLine, octet == UInt8(ascii: ".") { octets.append(octet) }
            octets.append(octet)
            startsLine = octet == UInt8(ascii: "\n")
        }
        if !startsLine { octets.append(UInt8(ascii: "\n")) }
        return octets
    }

    static let end = Array(".\n".utf8)

    /// The whole reply as it is sent.
    var octets: [UInt8] { Array(heading.utf8) + Self.stuffed(body) + Self.end }
}
