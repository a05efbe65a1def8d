import DNSWire
import Forwarder
import TestSupport

extension VirtualWorker {
    /// Asks and answers `count` queries, one after the other, on one connection.
    ///
    /// Without a close look at any message, so that all ids of a connection can be used up.
    mutating func exchange(_ count: Int, on place: Int) throws(Violation) {
        let connection = connections[place]
        let source = ClientMessage.source(0)
        var query = MessageBuilder.query("many.example").bytes
        var message = [UInt8](repeating: 0, count: 512)
        var reply = [UInt8](repeating: 0, count: 512)
        for number in 0..<count {
            query[0] = UInt8(truncatingIfNeeded: number >> 8)
            query[1] = UInt8(truncatingIfNeeded: number)
            let disposition = withRoom(in: &reply) { room in
                forwarder.received(query.span.bytes, from: source, now: now, reply: &room)
            }
            guard case .pending(let asked) = disposition,
                case .send(connection.id, let exchange, let id)? = forwarder.nextAction(),
                forwarder.nextAction() == nil
            else { throw Violation("query \(number) is not sent") }
            let length = withRoom(in: &message) { room in
                forwarder.writeQuestion(
                    of: exchange, messageID: id, on: connection.id, into: &room)
            }
            // The query itself, with QR set, is an answer without records.
            message[2] |= 0x80
            forwarder.answered(
                message.span.bytes.extracting(0..<length), on: connection.id, now: now)
            guard forwarder.nextAction() == .reply(asked), forwarder.nextAction() == nil else {
                throw Violation("query \(number) is not answered")
            }
            let written = withRoom(in: &reply) { room in
                forwarder.writeReply(
                    to: asked, from: message.span.bytes, now: now, into: &room)
            }
            guard written == query.count, reply[..<2] == query[..<2] else {
                throw Violation("query \(number) gets a wrong answer")
            }
        }
    }
}
