public import DNSWire

/// Records as people write them (RFC 1035 section 5.1, RFC 3597 section 5).
public enum RecordText {
    /// A part of RDATA and how it is written.
    enum Field {
        case octet
        case number16
        case number32
        case name
        case address4
        case address6
        /// A character string, in quotes.
        case string
        /// Character strings up to the end.
        case strings
        /// A character string without spaces in it, as it is.
        case word
        /// What is left, in quotes.
        case text
        case hexadecimal
        case base64
        case type
        /// Seconds since 1970 as a date (RFC 4034 section 3.2).
        case time
        /// The types of an NSEC record (RFC 4034 section 4.1.2).
        case types
        /// The parameters of a service (RFC 9460 section 2.1).
        case parameters
    }

    /// What the RDATA of a type is made of; `nil` for a type that is written as octets.
    static func layout(of type: RecordType) -> [Field]? {
        switch type.rawValue {
        case 1: [.address4]
        case 28: [.address6]
        case 2, 5, 12, 39: [.name]
        case 6: [.name, .name, .number32, .number32, .number32, .number32, .number32]
        case 13: [.string, .string]
        case 15, 18: [.number16, .name]
        case 16, 99: [.strings]
        case 17: [.name, .name]
        case 33: [.number16, .number16, .number16, .name]
        case 35: [.number16, .number16, .string, .string, .string, .name]
        case 43, 59: [.number16, .octet, .octet, .hexadecimal]
        case 44: [.octet, .octet, .hexadecimal]
        case 46:
            [
                .type, .octet, .octet, .number32, .time, .time, .number16, .name, .base64,
            ]
        case 47: [.name, .types]
        case 48, 60: [.number16, .octet, .octet, .base64]
        case 52, 53: [.octet, .octet, .octet, .hexadecimal]
        case 61: [.base64]
        case 64, 65: [.number16, .name, .parameters]
        case 256: [.number16, .number16, .text]
        case 257: [.octet, .word, .text]
        default: nil
        }
    }

    /// The checked record with its owner, TTL, class and type.
    ///
    /// The TTL is told less by `age`.
    public static func line(
        of record: ResourceRecord, in message: RawSpan, age: UInt32 = 0
    ) -> String {
        let owner = NameText.text(of: message, at: record.start)
        let whole = message.uint32(at: record.fields + 4)
        let ttl = whole > age ? whole - age : 0
        return "\(owner) \(ttl) \(record.recordClass.text) \(record.type.text) "
            + data(of: record, in: message)
    }

    /// The RDATA of a checked record; as octets where it does not fit its type.
    public static func data(of record: ResourceRecord, in message: RawSpan) -> String {
        var reader = RecordDataReader(message, record.data)
        guard record.recordClass == .internet, let layout = layout(of: record.type) else {
            return octets(of: message, record.data)
        }
        var parts: [String] = []
        for field in layout {
            guard let part = reader.take(field) else { return octets(of: message, record.data) }
            if !part.isEmpty { parts.append(part) }
        }
        return reader.isAtEnd ? parts.joined(separator: " ") : octets(of: message, record.data)
    }

    private static func octets(of message: RawSpan, _ range: Range<Int>) -> String {
        var reader = RecordDataReader(message, range)
        let digits = reader.take(.hexadecimal) ?? ""
        return "\\# \(range.count)" + (digits.isEmpty ? "" : " \(digits)")
    }
}
