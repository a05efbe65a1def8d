import DNSWire

/// What must hold of any octets that a client sends as a query for a zone, or a server as a part of
/// the answer.
enum TransferProperties {
    static func violation(by bytes: [UInt8]) -> StaticString? {
        if let found = violation(asking: bytes) { return found }
        for type: UInt16 in [252, 251] {
            if let found = violation(answering: bytes, type: type) { return found }
        }
        return nil
    }

    private static func violation(asking bytes: [UInt8]) -> StaticString? {
        guard let query = TransferQuery(bytes.span.bytes) else { return nil }
        guard query.question.end <= bytes.count else { return "a question past the end" }
        guard query.id == UInt16(bytes[0]) << 8 | UInt16(bytes[1]) else { return "another id" }
        // That is where they are looked for.
        guard case .refuse = QueryVerdict(bytes.span.bytes) else {
            return "a query for a zone that is answered"
        }
        return nil
    }

    /// Takes the octets for the first message of an answer under their own id, and once more.
    private static func violation(answering bytes: [UInt8], type: UInt16) -> StaticString? {
        guard bytes.count >= 2 else { return nil }
        let id = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
        let asked = MessageBuilder.query("example", type: type, id: id).bytes
        guard let query = TransferQuery(asked.span.bytes) else { return "our own query" }
        var progress = TransferProgress(query)
        let step = progress.received(bytes.span.bytes)
        if let wanted = TransferModel.step(of: bytes, isIncremental: type == 251) {
            // What is in a record may be wrong as well, which the model does not look at.
            guard step == wanted || step == .defect && wanted != .defect else {
                return "another step"
            }
            if step != wanted, isSound(bytes) { return "a good one refused" }
        }
        // However it goes on, it is taken.
        _ = progress.received(bytes.span.bytes)
        return nil
    }

    /// Whether all records are what their types ask for.
    private static func isSound(_ bytes: [UInt8]) -> Bool {
        guard let question = try? Question(bytes.span.bytes) else { return false }
        let asked = bytes.span.bytes.extracting(12..<question.end)
        return (try? Response(bytes.span.bytes, answering: asked)) != nil
    }
}

/// The first step of a transfer as RFC 5936 section 2.2 and RFC 1995 section 4 have it, by code of
/// the tests' own.
private enum TransferModel {
    /// `nil` when some octet is out of place.
    static func step(of bytes: [UInt8], isIncremental: Bool) -> TransferProgress.Step? {
        guard let message = DecodedMessage(bytes) else { return nil }
        guard message.flags & 0xf800 == 0x8000, message.questionCount <= 1 else { return .defect }
        if message.flags & 15 != 0 || message.answers.isEmpty { return .last }
        guard message.answers[0].type == 6 else { return .defect }
        let serials = message.answers.filter { $0.type == 6 }.map { $0.data.suffix(20).prefix(4) }
        let ends = serials.indices.contains {
            !$0.isMultiple(of: 2) && serials[$0].elementsEqual(serials[0])
        }
        return ends || isIncremental && message.answers.count == 1 ? .last : .more
    }
}
