internal import NetAddress

extension ValueFormat where Value == LocalRecord {
    /// `NAME [TTL] TYPE DATA`, as in a zone file, with whole names.
    static let record = ValueFormat(name: "record") { text throws(ValueProblem) in
        try RecordText(text).read()
    } write: {
        RecordText.write($0)
    }
}

/// The text of a record, taken word by word.
private struct RecordText {
    private static let timeToLive: UInt32 = 300
    private static let longestTimeToLive: UInt32 = 604_800

    private let text: String
    private var rest: Substring

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    mutating func next(_ what: String) throws(ValueProblem) -> Substring {
        rest = rest.drop { $0 == " " || $0 == "\t" }
        let word = rest.prefix { $0 != " " && $0 != "\t" }
        guard !word.isEmpty else {
            throw ValueProblem(offset: text.utf8.count, message: "expected \(what)")
        }
        rest = rest[word.endIndex...]
        return word
    }

    consuming func read() throws(ValueProblem) -> LocalRecord {
        let name = try name("the name of the record")
        guard name != .root else {
            throw ValueProblem(message: "the root has no records here")
        }
        var word = try next("a type")
        var timeToLive = Self.timeToLive
        if word.isDigits {
            guard let seconds = UInt32(word), seconds <= Self.longestTimeToLive else {
                throw problem(word, "a TTL is at most \(Self.longestTimeToLive) seconds")
            }
            timeToLive = seconds
            word = try next("a type")
        }
        let data = try data(word)
        let surplus = rest.drop { $0 == " " || $0 == "\t" }
        guard surplus.isEmpty else {
            throw problem(surplus, "nothing may stand behind the record")
        }
        return LocalRecord(name: name, timeToLive: timeToLive, data: data)
    }

    private mutating func data(_ type: Substring) throws(ValueProblem) -> LocalRecord.Data {
        switch type.uppercased() {
        case "A": return .address(try address(.v4))
        case "AAAA": return .address(try address(.v6))
        case "CNAME": return .alias(try name("the name that the alias stands for"))
        case "PTR": return .pointer(try name("the name of the address"))
        case "TXT": return .text(try string())
        case "MX":
            return .mail(
                preference: try number("a preference"), try name("the name of the mail server"))
        case "SRV":
            return .service(
                priority: try number("a priority"), weight: try number("a weight"),
                port: try number("a port"), try name("the name of the server"))
        default:
            throw problem(
                type, "a record is A, AAAA, CNAME, MX, PTR, SRV or TXT, not \(type.quoted)")
        }
    }

    private mutating func address(
        _ family: IPAddress.Family
    ) throws(ValueProblem) -> IPAddress {
        let word = try next("an address")
        guard let address = IPAddress(word), address.family == family else {
            throw problem(
                word,
                "expected an \(family == .v4 ? "IPv4" : "IPv6") address, "
                    + "found \(word.quoted)")
        }
        return address
    }

    private mutating func name(_ what: String) throws(ValueProblem) -> FoldedName {
        let word = try next(what)
        guard let name = FoldedName(word) else {
            throw problem(word, "expected \(what), found \(word.quoted)")
        }
        return name
    }

    private mutating func number(_ what: String) throws(ValueProblem) -> UInt16 {
        let word = try next(what)
        guard word.isDigits, let number = UInt16(word) else {
            throw problem(word, "expected \(what) from 0 to 65535, found \(word.quoted)")
        }
        return number
    }

    /// The rest of the value, without the quotes that may stand around it.
    private mutating func string() throws(ValueProblem) -> [UInt8] {
        var string = rest.drop { $0 == " " || $0 == "\t" }
        rest = rest[rest.endIndex...]
        if string.count > 1, string.first == "\"", string.last == "\"" {
            string = string.dropFirst().dropLast()
        }
        guard string.utf8.count <= Limits.recordText else {
            throw problem(string, "a text has at most \(Limits.recordText) octets")
        }
        return Array(string.utf8)
    }

    private func problem(_ part: Substring, _ message: String) -> ValueProblem {
        ValueProblem(offset: text[..<part.startIndex].utf8.count, message: message)
    }

    static func write(_ record: LocalRecord) -> String {
        let data =
            switch record.data {
            case .address(let address): "\(address.family == .v4 ? "A" : "AAAA") \(address)"
            case .alias(let name): "CNAME \(name)"
            case .pointer(let name): "PTR \(name)"
            case .text(let text): "TXT \"\(String(decoding: text, as: UTF8.self))\""
            case .mail(let preference, let name): "MX \(preference) \(name)"
            case .service(let priority, let weight, let port, let name):
                "SRV \(priority) \(weight) \(port) \(name)"
            }
        return "\(record.name) \(record.timeToLive) \(data)"
    }
}
