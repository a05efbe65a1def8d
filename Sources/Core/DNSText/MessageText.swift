public import DNSWire

/// A whole answer as people read it, in the manner of dig(1).
public struct MessageText: Equatable {
    public let code: ResponseCode
    /// `example.com. IN A`.
    public let question: String
    /// Lines about the header and the question, the records, and what the OPT record says.
    public let long: String
    /// The data of the records in the answer section, one in a line.
    public let short: String
    /// The records of all sections, one in a line.
    public let records: String

    private static let sections = ["answer", "authority", "additional"]

    /// Reads a message with one question; `nil` when it is none.
    ///
    /// TTLs are told less by `age`.
    public init?(_ message: RawSpan, age: UInt32 = 0) {
        guard let header = Header(message), header.questionCount == 1,
            let question = try? Question(message)
        else { return nil }
        self.question =
            "\(NameText.text(of: message, at: Question.offset)) "
            + "\(question.recordClass.text) \(question.type.text)"
        let counts = [header.answerCount, header.authorityCount, header.additionalCount]
        var offset = question.end
        var (long, short, records) = ("", "", "")
        var edns: EDNS?
        for (section, count) in zip(Self.sections, counts) {
            var lines = ""
            for _ in 0..<count {
                guard let record = try? ResourceRecord(message, at: offset) else { return nil }
                offset = record.data.upperBound
                if record.type == .opt {
                    edns = try? EDNS(message, fields: record.fields, data: record.data)
                    continue
                }
                lines += RecordText.line(of: record, in: message, age: age) + "\n"
                guard section == Self.sections[0] else { continue }
                short += RecordText.data(of: record, in: message) + "\n"
            }
            records += lines
            if !lines.isEmpty { long += ";; \(section)\n\(lines)" }
        }
        let upper = UInt16(edns?.upperCode ?? 0) << 4
        code = ResponseCode(rawValue: upper | UInt16(header.flags.responseCode))
        self.short = short
        self.records = records
        self.long =
            ";; \(code.text), flags: \(Self.words(header.flags))\n;; \(self.question)\n" + long
            + (edns.map { Self.error($0, message) } ?? "")
    }

    private static func words(_ flags: Flags) -> String {
        let names: [(Flags, String)] = [
            (.response, "qr"), (.authoritative, "aa"), (.truncated, "tc"),
            (.recursionDesired, "rd"), (.recursionAvailable, "ra"), (.authenticData, "ad"),
            (.checkingDisabled, "cd"),
        ]
        return names.filter { flags.contains($0.0) }.map(\.1).joined(separator: " ")
    }

    /// The extended error (RFC 8914), if there is one.
    private static func error(_ edns: EDNS, _ message: RawSpan) -> String {
        guard edns.extendedErrorLength >= 6 else { return "" }
        let option = Int(edns.extendedErrorStart)
        let start = option + 4
        let text = (start + 2)..<(option + Int(edns.extendedErrorLength))
        let words = text.isEmpty ? "" : " " + RecordDataReader(message, text).quoted(text)
        return ";; extended error \(message.uint16(at: start))\(words)\n"
    }
}
