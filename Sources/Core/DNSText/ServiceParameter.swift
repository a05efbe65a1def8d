internal import DNSWire

/// A parameter of a SVCB or HTTPS record (RFC 9460 section 14.3).
enum ServiceParameter {
    private static let names = [
        "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath",
        "ohttp",
    ]

    private static func name(_ key: UInt16) -> String {
        Int(key) < names.count ? names[Int(key)] : "key\(key)"
    }

    /// The parameter as it is written; `nil` when the value makes no sense.
    static func text(_ key: UInt16, _ message: RawSpan, _ range: Range<Int>) -> String? {
        let name = name(key)
        switch key {
        case 2, 8: return range.isEmpty ? name : nil
        case 0:
            return list(message, range) { reader in
                reader.takeNumber(2).map { Self.name(UInt16($0)) }
            }.map { "\(name)=\($0)" }
        case 1:
            return list(message, range) { reader in
                reader.takeCounted(1).map { octets in
                    String(reader.quoted(octets).dropFirst().dropLast())
                }
            }.map { "\(name)=\"\($0)\"" }
        case 3:
            return list(message, range) { $0.take(.number16) }.map { "\(name)=\($0)" }
        case 4: return list(message, range) { $0.take(.address4) }.map { "\(name)=\($0)" }
        case 6: return list(message, range) { $0.take(.address6) }.map { "\(name)=\($0)" }
        case 5:
            var reader = RecordDataReader(message, range)
            return reader.take(.base64).map { "\(name)=\"\($0)\"" }
        default:
            guard !range.isEmpty else { return name }
            return "\(name)=\(RecordDataReader(message, range).quoted(range))"
        }
    }

    /// Values up to the end, at least one, between commas.
    private static func list(
        _ message: RawSpan, _ range: Range<Int>, _ next: (inout RecordDataReader) -> String?
    ) -> String? {
        var reader = RecordDataReader(message, range)
        var values: [String] = []
        repeat {
            guard let value = next(&reader) else { return nil }
            values.append(value)
        } while !reader.isAtEnd
        return values.joined(separator: ",")
    }
}
