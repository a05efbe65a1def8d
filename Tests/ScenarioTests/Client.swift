import Forwarder
import TestSupport

/// A client of a scenario, which asks once.
struct Client {
    let number: Int
    let source: Source
    /// What it sent.
    let message: [UInt8]
    /// What it sent, if that can be read.
    let query: DecodedMessage?

    init(number: Int, source: Source, message: [UInt8]) {
        self.number = number
        self.source = source
        self.message = message
        query = DecodedMessage(message)
    }

    /// The longest answer it takes.
    func sizeLimit(_ settings: ForwarderSettings) -> Int {
        guard source.transport == .datagram else { return 65_535 }
        let announced = Int(query?.option?.recordClass ?? 512)
        return min(max(announced, 512), settings.maximumUDPSize)
    }

    /// Throws when `reply` is not what every answer must be: the client's own id, question, size
    /// and EDNS, and nothing that concerns only the upstream.
    func check(
        _ reply: [UInt8], _ settings: ForwarderSettings
    ) throws(Violation) -> DecodedMessage {
        guard let answer = DecodedMessage(reply) else {
            throw Violation("client \(number) was sent what is no message: \(hexadecimal(reply))")
        }
        let sent = DecodedHeader(message)
        try require(answer.id == sent.id, "another id")
        try require(answer.flags & 0x8000 != 0, "no QR")
        try require(answer.flags & 0x7800 == sent.flags & 0x7800, "another OPCODE")
        try require(answer.flags & 0x0100 == sent.flags & 0x0100, "another RD")
        try require(answer.flags & 0x0040 == 0, "the reserved bit")
        try require(reply.count <= sizeLimit(settings), "\(reply.count) octets, too many")
        guard reply.count > 12 else {
            try require(answer.flags & 0x06b0 == 0, "a bit that is no refusal's")
            return answer
        }
        try checkQuestion(answer)
        try checkOptions(answer)
        return answer
    }

    private func checkQuestion(_ answer: DecodedMessage) throws(Violation) {
        let end = 12 + answer.name.count + 4
        try require(answer.questionCount == 1, "\(answer.questionCount) questions")
        try require(
            message.count >= end && answer.bytes[12..<end] == message[12..<end],
            "another question or spelling: \(DomainName.text(answer.name))")
    }

    private func checkOptions(_ answer: DecodedMessage) throws(Violation) {
        try require(
            (answer.option != nil) == (query?.option != nil),
            "EDNS where the client sent none or the other way round")
        try require(answer.isDNSSECOK == query?.isDNSSECOK ?? false, "another DO")
        for option in answer.options {
            try require(option.code == 11 || option.code == 15, "option \(option.code)")
            guard option.code == 11 else { continue }
            try require(
                source.transport == .stream && query?.option(11) != nil,
                "a keepalive option unasked")
        }
    }

    private func require(_ holds: Bool, _ complaint: String) throws(Violation) {
        guard holds else {
            throw Violation("client \(number) was sent an answer with \(complaint)")
        }
    }
}

/// The id and flags of octets that need not be a message.
private struct DecodedHeader {
    let id: UInt16
    let flags: UInt16

    init(_ bytes: [UInt8]) {
        let padded = bytes.prefix(4) + [0, 0, 0, 0]
        id = UInt16(padded[0]) << 8 | UInt16(padded[1])
        flags = UInt16(padded[2]) << 8 | UInt16(padded[3])
    }
}
