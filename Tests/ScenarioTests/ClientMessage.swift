import Forwarder
import NetAddress
import TestSupport

/// Clients as scenarios describe them.
enum ClientMessage {
    /// `query NAME TYPE` and what may follow it.
    static func query(
        _ number: Int, _ statement: inout Statement
    ) throws(Violation) -> Client {
        let name = try statement.next("name")
            .replacing("{n}", with: String(number))
        let type = try Vocabulary.type(try statement.next("type"))
        let recordClass = try statement.value("class").map(Vocabulary.recordClass) ?? 1
        let id = try statement.number("id") ?? 0x1000 + number
        var message = MessageBuilder(
            id: UInt16(truncatingIfNeeded: id), flags: try flags(&statement))
        message.addQuestion(DomainName.wire(name), type: type, recordClass: recordClass)
        try addOption(to: &message, &statement)
        if let kind = statement.value("malformed") { try spoil(&message, kind) }
        return Client(
            number: number, source: try source(number, &statement), message: message.bytes)
    }

    /// `sends HEX` and what may follow it.
    static func raw(_ number: Int, _ statement: inout Statement) throws(Violation) -> Client {
        guard let message = octets(hexadecimal: try statement.next("octets")) else {
            throw Violation("no hexadecimal octets")
        }
        return Client(number: number, source: try source(number, &statement), message: message)
    }

    private static func flags(_ statement: inout Statement) throws(Violation) -> UInt16 {
        var flags = UInt16(statement.flag("no-rd") ? 0 : 0x0100)
        if statement.flag("ad") { flags |= 0x0020 }
        if statement.flag("cd") { flags |= 0x0010 }
        if statement.flag("aa") { flags |= 0x0400 }
        if statement.flag("tc") { flags |= 0x0200 }
        if statement.flag("ra") { flags |= 0x0080 }
        if statement.flag("z") { flags |= 0x0040 }
        flags |= UInt16(try statement.number("opcode") ?? 0) << 11
        if let code = statement.value("rcode") { flags |= try Vocabulary.code(code) & 15 }
        return flags
    }

    private static func addOption(
        to message: inout MessageBuilder, _ statement: inout Statement
    ) throws(Violation) {
        let size = try statement.number("edns")
        let version = try statement.number("version")
        let isDNSSECOK = statement.flag("do")
        var options: [(code: UInt16, data: [UInt8])] = []
        if statement.flag("keepalive") { options.append((11, [])) }
        if statement.flag("cookie") { options.append((10, [1, 2, 3, 4, 5, 6, 7, 8])) }
        if statement.flag("ecs") { options.append((8, [0, 1, 24, 0, 192, 0, 2])) }
        if statement.flag("padding") { options.append((12, [0, 0, 0, 0])) }
        for _ in 0..<(try statement.number("options") ?? 0) { options.append((65_001, [7])) }
        guard size != nil || version != nil || isDNSSECOK || !options.isEmpty else { return }
        message.addOption(
            payloadSize: UInt16(truncatingIfNeeded: size ?? 1232),
            version: UInt8(truncatingIfNeeded: version ?? 0),
            flags: isDNSSECOK ? 0x8000 : 0, options: options)
    }

    private static func source(
        _ number: Int, _ statement: inout Statement
    ) throws(Violation) -> Source {
        let transport = statement.flag("tcp") ? Transport.stream : .datagram
        guard let text = statement.value("from") else {
            return Self.source(number, transport)
        }
        // Port 0 is no endpoint to configure, but one to receive from.
        if text.hasSuffix(":0"), let address = IPAddress(text.dropLast(2)) {
            return Source(transport, Endpoint(address: address, port: 0))
        }
        guard let endpoint = Endpoint(text, defaultPort: 40_000) else {
            throw Violation("\(text) is no endpoint")
        }
        return Source(transport, endpoint)
    }

    /// Where a client sends from when the scenario does not say: 127.0.0.1 and a port of its own.
    static func source(_ number: Int, _ transport: Transport = .datagram) -> Source {
        let port = UInt16(truncatingIfNeeded: 40_000 + number % 20_000)
        return Source(transport, Endpoint(address: IPAddress(v4: 0x7f00_0001), port: port))
    }

    /// Makes a good query wrong in one way.
    private static func spoil(
        _ message: inout MessageBuilder, _ kind: String
    ) throws(Violation) {
        switch kind {
        case "response": message.set(0x8100, at: 2)
        case "no-question": message = MessageBuilder(id: 7)
        case "two-questions": message.addQuestion([1, 0x61, 0], type: 1)
        case "qdcount": message.count(.question, by: 1)
        case "answer": message.addRecord(type: 1, data: [192, 0, 2, 1])
        case "authority": message.addRecord(type: 1, data: [192, 0, 2, 1], in: .authority)
        case "arcount": message.count(.additional, by: 1)
        case "tsig": message.addRecord(owner: [0], type: 250, data: [0], in: .additional)
        case "trailing": message.append(octets: [0])
        case "two-options":
            message.addOption()
            message.addOption()
        case "option-owner": message.addOption(owner: [1, 0x61, 0])
        case "option-in-answer": message.addOption(in: .answer)
        case "option-overrun":
            message.addRecord(
                owner: [0], type: 41, recordClass: 1232, ttl: 0, data: [0, 10, 0, 9, 1],
                in: .additional)
        case "option-length":
            message.addRecord(
                owner: [0], type: 41, recordClass: 1232, ttl: 0, data: [], length: 4,
                in: .additional)
        default: message = try misnamed(kind)
        }
    }

    /// A query whose name is wrong in one way.
    private static func misnamed(_ kind: String) throws(Violation) -> MessageBuilder {
        var message = MessageBuilder(id: 7)
        switch kind {
        case "pointer": message.addQuestion([0xc0, 0x0c], type: 1)
        case "forward-pointer": message.addQuestion([1, 0x61, 0xc0, 0x20], type: 1)
        case "label-type-1": message.addQuestion([0x41, 0x61, 0], type: 1)
        case "label-type-2": message.addQuestion([0x81, 0x61, 0], type: 1)
        case "name-256":
            let label = [63] + [UInt8](repeating: 0x61, count: 63)
            message.addQuestion(label + label + label + label + [0], type: 1)
        case "name-cut":
            message.append(octets: [5, 0x61])
            message.count(.question, by: 1)
        case "no-class":
            message.append(octets: [1, 0x61, 0, 0, 1])
            message.count(.question, by: 1)
        default: throw Violation("\(kind) is no way to spoil a query")
        }
        return message
    }
}
