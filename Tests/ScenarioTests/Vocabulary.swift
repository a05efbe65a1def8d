import NetAddress
import Upstream

/// The words of scenarios that stand for numbers and values.
enum Vocabulary {
    private static let types: [String: UInt16] = [
        "A": 1, "NS": 2, "CNAME": 5, "SOA": 6, "PTR": 12, "MX": 15, "TXT": 16, "AAAA": 28,
        "SRV": 33,
        "OPT": 41, "TKEY": 249, "TSIG": 250, "IXFR": 251, "AXFR": 252, "MAILB": 253,
        "MAILA": 254, "ANY": 255,
    ]

    private static let codes: [String: UInt16] = [
        "NOERROR": 0, "FORMERR": 1, "SERVFAIL": 2, "NXDOMAIN": 3, "NOTIMP": 4, "REFUSED": 5,
        "BADVERS": 16, "BADCOOKIE": 23,
    ]

    private static let classes: [String: UInt16] = ["IN": 1, "CH": 3, "NONE": 254, "ANY": 255]

    private static let failures: [String: UpstreamFailure] = [
        "refused": .refused, "unreachable": .unreachable, "timeout": .timedOut,
        "cut-off": .cutOff, "handshake": .handshake, "verification": .verification,
        "closed": .closed,
    ]

    static func type(_ word: String) throws(Violation) -> UInt16 {
        try look(word, in: types, prefix: "TYPE", what: "type")
    }

    static func code(_ word: String) throws(Violation) -> UInt16 {
        try look(word, in: codes, prefix: "RCODE", what: "RCODE")
    }

    static func recordClass(_ word: String) throws(Violation) -> UInt16 {
        try look(word, in: classes, prefix: "CLASS", what: "class")
    }

    static func failure(_ word: String) throws(Violation) -> UpstreamFailure {
        guard let failure = failures[word] else { throw Violation("\(word) is no failure") }
        return failure
    }

    /// The name of a type, for messages.
    static func name(ofType type: UInt16) -> String {
        types.first { $0.value == type }?.key ?? "TYPE\(type)"
    }

    static func name(ofCode code: UInt16) -> String {
        codes.first { $0.value == code }?.key ?? "RCODE\(code)"
    }

    /// `250us`, `300ms` or `4.5s`.
    static func interval(_ word: String) throws(Violation) -> Interval {
        for (unit, factor) in [("us", 1.0), ("ms", 1000.0), ("s", 1_000_000.0)]
        where word.hasSuffix(unit) {
            guard let count = Double(word.dropLast(unit.count)), count >= 0 else { continue }
            return Interval(microseconds: UInt64(count * factor))
        }
        throw Violation("\(word) is no length of time")
    }

    /// `7` or `1..4096`.
    static func range(_ word: String) throws(Violation) -> ClosedRange<Int> {
        guard let dots = word.firstRange(of: "..") else {
            let number = try Statement.parseNumber(word)
            return number...number
        }
        let first = try Statement.parseNumber(String(word[..<dots.lowerBound]))
        let last = try Statement.parseNumber(String(word[dots.upperBound...]))
        guard first <= last else { throw Violation("\(word) is no range") }
        return first...last
    }

    private static func look(
        _ word: String, in table: [String: UInt16], prefix: String, what: String
    ) throws(Violation) -> UInt16 {
        if let value = table[word] { return value }
        guard word.hasPrefix(prefix), let value = UInt16(word.dropFirst(prefix.count)) else {
            throw Violation("\(word) is no \(what)")
        }
        return value
    }
}
