internal import Collections
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import NetAddress

// Queries of the supervisor's: they go the way of all others, but end in a mailbox.
extension Worker {
    /// Whom such a query seems to come from: nobody who could be refused.
    private static let endpoint = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 1)

    func ask(_ number: UInt64, _ message: [UInt8]) {
        var octets = [UInt8](repeating: 0, count: DaemonLimits.ownAnswerSize)
        let length: Int
        do {
            var span = octets.mutableSpan
            var reply = span.mutableOctets
            let receipt = take(message.span.octets, from: Self.endpoint, by: .own, reply: &reply)
            switch receipt {
            case .replied(let written): length = written
            case .pending(let query): return keep(.own(number), for: query)
            case .relayed, .ignored: length = 0
            }
        }
        supervisor.post(.answered(number, answer: Array(octets[..<length]), .memory))
    }

    func answerOwn(_ number: UInt64, _ query: QueryID, from message: RawSpan) {
        let provenance = forwarder.provenance(of: query)
        let capacity = forwarder.replyCapacity(query, answer: message)
        var octets = [UInt8](repeating: 0, count: capacity)
        let length: Int
        do {
            var span = octets.mutableSpan
            var reply = span.mutableOctets
            length = forwarder.writeReply(
                to: query, from: message, now: loop.now, into: &reply)
        }
        supervisor.post(.answered(number, answer: Array(octets[..<length]), provenance))
    }
}
