import NetAddress
import TestSupport

/// Answers of upstreams as scenarios describe them.
enum UpstreamMessage {
    /// The octets of the option that the upstream pads with, which no client may ever see.
    private static let padding = [UInt8](repeating: 0, count: 16)

    /// The answer to `query` that the rest of `statement` describes.
    static func answer(
        to query: DecodedMessage, id: UInt16, _ statement: inout Statement
    ) throws(Violation) -> [UInt8] {
        var ttls: [UInt32] = []
        while let ttl = try statement.number("ttl") { ttls.append(UInt32(ttl)) }
        let code = try statement.value("rcode").map(Vocabulary.code) ?? 0
        var message = MessageBuilder(id: id, flags: flags(&statement) | code & 15)
        try addQuestion(of: query, to: &message, &statement)
        try addRecords(type: query.type, ttls: ttls, to: &message, &statement)
        if let size = try statement.number("size") { fill(&message, to: size) }
        if let kind = statement.value("malformed") { try spoil(&message, kind) }
        if !statement.flag("no-edns") {
            message.addOption(
                upperCode: UInt8(truncatingIfNeeded: code >> 4),
                flags: query.isDNSSECOK ? 0x8000 : 0, options: try options(&statement))
        }
        if statement.flag("trailing") { message.append(octets: [1, 2, 3]) }
        if statement.flag("short") { return Array(message.bytes.prefix(11)) }
        return message.bytes
    }

    private static func flags(_ statement: inout Statement) -> UInt16 {
        var flags: UInt16 = 0x8180
        if statement.flag("aa") { flags |= 0x0400 }
        if statement.flag("tc") { flags |= 0x0200 }
        if statement.flag("ad") { flags |= 0x0020 }
        if statement.flag("qr=0") { flags &= ~0x8000 }
        if statement.flag("opcode=4") { flags |= 0x2000 }
        return flags
    }

    private static func addQuestion(
        of query: DecodedMessage, to message: inout MessageBuilder, _ statement: inout Statement
    ) throws(Violation) {
        var name = query.name
        if let other = statement.value("question") { name = DomainName.wire(other) }
        if statement.flag("upper") {
            name = name.map { (97...122).contains($0) ? $0 - 32 : $0 }
        }
        let type = try statement.value("qtype").map(Vocabulary.type) ?? query.type
        let recordClass = try statement.value("qclass").map(Vocabulary.recordClass) ?? 1
        if statement.flag("no-question") { return }
        message.addQuestion(name, type: type, recordClass: recordClass)
        if statement.flag("two-questions") { message.addQuestion(name, type: type) }
    }

    /// Addresses as they stand; every other word is the text of a TXT record.
    private static func addRecords(
        type: UInt16, ttls: [UInt32], to message: inout MessageBuilder,
        _ statement: inout Statement
    ) throws(Violation) {
        let ttl = ttls.first ?? 300
        var owner: [UInt8] = [0xc0, 0x0c]
        while let target = statement.value("cname") {
            let name = DomainName.wire(target)
            message.addRecord(owner: owner, type: 5, ttl: ttl, data: name)
            owner = name
        }
        if let other = statement.value("owner") { owner = DomainName.wire(other) }
        for _ in 0..<(try statement.number("records") ?? 0) {
            message.addRecord(type: 1, ttl: ttl, data: [192, 0, 2, 1])
        }
        while let word = statement.value("data") {
            guard let data = Self.data(word, type: type) else {
                throw Violation("\(word) is no data")
            }
            let number = message.bytes[7]
            message.addRecord(
                owner: owner, type: type,
                ttl: Int(number) < ttls.count ? ttls[Int(number)] : ttl, data: data)
        }
        if let time = try statement.number("signed-until") {
            message.addRecord(owner: owner, type: 46, ttl: ttl, data: signature(until: time))
        }
        try addAuthority(ttl: ttl, to: &message, &statement)
    }

    /// The data of an RRSIG record that expires at `time`.
    private static func signature(until time: Int) -> [UInt8] {
        let expiration = (0..<4).map { UInt8(truncatingIfNeeded: time >> (24 - 8 * $0)) }
        return [0, 1, 13, 2, 0, 0, 1, 44] + expiration + [0, 0, 0, 0, 0, 1, 0] + [1, 2, 3, 4]
    }

    private static func addAuthority(
        ttl: UInt32, to message: inout MessageBuilder, _ statement: inout Statement
    ) throws(Violation) {
        if let minimum = try statement.number("soa") {
            let numbers = [1, 7200, 3600, 86_400, minimum].flatMap { number in
                (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
            }
            message.addRecord(
                owner: DomainName.wire("example"), type: 6, ttl: ttl, data: [0, 0] + numbers,
                in: .authority)
        }
        if let other = statement.value("authority-of") {
            message.addRecord(
                owner: DomainName.wire(other), type: 2, ttl: ttl,
                data: DomainName.wire("ns.example"), in: .authority)
        }
        if let other = statement.value("additional-of") {
            message.addRecord(
                owner: DomainName.wire(other), type: 1, ttl: ttl, data: [192, 0, 2, 66],
                in: .additional)
        }
        if statement.flag("authority") {
            message.addRecord(type: 2, data: [2, 0x6e, 0x73, 0xc0, 0x0c], in: .authority)
        }
        if statement.flag("additional") {
            message.addRecord(type: 1, data: [192, 0, 2, 9], in: .additional)
        }
    }

    /// The RDATA that `word` stands for.
    static func data(_ word: String, type: UInt16) -> [UInt8]? {
        switch type {
        case 1:
            guard let bits = IPAddress(word)?.v4Bits else { return nil }
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * UInt32($0))) }
        case 5: return DomainName.wire(word)
        default: return [UInt8(truncatingIfNeeded: word.utf8.count)] + Array(word.utf8)
        }
    }

    /// Adds records of a private type until the message has exactly `size` octets before the OPT.
    private static func fill(_ message: inout MessageBuilder, to size: Int) {
        while size - message.bytes.count >= 12 {
            let space = size - message.bytes.count - 12
            let taken = space > 1000 + 12 ? 1000 : space
            message.addRecord(type: 65_280, data: [UInt8](repeating: 0x78, count: taken))
        }
    }

    private static func options(
        _ statement: inout Statement
    ) throws(Violation) -> [(code: UInt16, data: [UInt8])] {
        var options: [(code: UInt16, data: [UInt8])] = [(12, padding)]
        if let timeout = try statement.number("keepalive") {
            options.append((11, [UInt8(timeout >> 8), UInt8(timeout & 255)]))
        }
        if statement.flag("cookie") { options.append((10, padding)) }
        if let code = try statement.number("ede") {
            let text = Array((statement.value("text") ?? "").utf8)
            options.append((15, [UInt8(code >> 8), UInt8(code & 255)] + text))
        }
        return options
    }

    /// Makes a good answer wrong in one way.
    private static func spoil(
        _ message: inout MessageBuilder, _ kind: String
    ) throws(Violation) {
        switch kind {
        case "count": message.count(.answer, by: 1)
        case "rdlength": message.addRecord(type: 1, data: [192, 0, 2, 1], length: 400)
        case "a-of-5": message.addRecord(type: 1, data: [192, 0, 2, 1, 1])
        case "loop":
            let here = UInt8(truncatingIfNeeded: message.bytes.count)
            message.addRecord(owner: [0xc0, here], type: 1, data: [192, 0, 2, 1])
        case "forward-pointer":
            message.addRecord(owner: [0xc0, 0xff], type: 1, data: [192, 0, 2, 1])
        case "header-pointer":
            message.addRecord(owner: [0xc0, 0x02], type: 1, data: [192, 0, 2, 1])
        case "label-overrun":
            // The first letter of the question's name as the length of a label.
            message.addRecord(owner: [0xc0, 0x0d], type: 1, data: [192, 0, 2, 1])
        case "name-256":
            let label = [63] + [UInt8](repeating: 0x61, count: 63)
            message.addRecord(
                owner: label + label + label + label + [0], type: 1, data: [192, 0, 2, 1])
        case "two-options": message.addOption()
        case "option-in-answer": message.addOption(in: .answer)
        case "option-overrun":
            message.addRecord(
                owner: [0], type: 41, recordClass: 1232, ttl: 0, data: [0, 10, 0, 9, 1],
                in: .additional)
        default: throw Violation("\(kind) is no way to spoil an answer")
        }
    }
}
