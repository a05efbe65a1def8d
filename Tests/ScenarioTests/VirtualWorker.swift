import DNSCache
import Forwarder
import NetAddress
import TestSupport
import Upstream

/// A worker without sockets: hands events to a real forwarder and does what it says, at once.
struct VirtualWorker: ~Copyable {
    var forwarder: Forwarder
    let cache: MessageCache
    /// The wall clock when the scenario begins.
    var time: UInt32 = 1_700_000_000
    private(set) var now = Instant(microseconds: 1_000_000_000)
    var connections: [VirtualConnection] = []
    /// What was done and not looked at yet, oldest first.
    var effects: [Effect] = []
    /// Clients whose answer is still to come.
    var waiting: [QueryID: Client] = [:]
    private var opened: [Int: Int] = [:]

    init(settings: ForwarderSettings, cache: MessageCache, seed: UInt64) {
        self.cache = cache
        forwarder = Forwarder(
            settings: settings, cache: cache, now: now, random: SplitMix64(seed: seed))
    }

    /// Hands in a client's message; false when it is ignored.
    mutating func receive(_ client: Client) throws(Violation) -> Bool {
        var reply = [UInt8](repeating: 0xee, count: 512)
        let disposition = withRoom(in: &reply) { room in
            forwarder.received(
                client.message.span.bytes, from: client.source, now: now, reply: &room)
        }
        switch disposition {
        case .ignored: return false
        case .pending(let query): waiting[query] = client
        case .transfer: try beginTransfer(for: client)
        case .replied(let length): try answer(client, Array(reply[..<length]))
        }
        try perform()
        return true
    }

    private mutating func beginTransfer(for client: Client) throws(Violation) {
        if let (_, server) = forwarder.beginTransfer(client.message.span.bytes) {
            let upstream = Int(server.endpoint.address.v4Bits & 255)
            effects.append(.transfer(client: client.number, upstream: upstream))
            return
        }
        var reply = [UInt8](repeating: 0xee, count: 512)
        let length = withRoom(in: &reply) { room in
            forwarder.refuseTransfer(client.message.span.bytes, into: &room)
        }
        try answer(client, Array(reply[..<length]))
    }

    mutating func connect(_ place: Int) throws(Violation) {
        connections[place].phase = .ready
        forwarder.connected(connections[place].id, now: now)
        try perform()
    }

    mutating func lose(
        _ place: Int, _ failure: UpstreamFailure, text: String
    ) throws(Violation) {
        connections[place].phase = .closed
        forwarder.lost(connections[place].id, failure, text: text, now: now)
        try perform()
    }

    /// Hands in a message from the server of a connection.
    mutating func answer(_ place: Int, _ message: [UInt8]) throws(Violation) {
        let messageID = message.count < 2 ? 0 : UInt16(message[0]) << 8 | UInt16(message[1])
        if connections[place].carrier == .datagram,
            connections[place].finished.contains(messageID)
        {
            return
        }
        forwarder.time = time &+ now.wholeSeconds &- 1000
        forwarder.answered(message.span.bytes, on: connections[place].id, now: now)
        try perform(message)
    }

    /// Lets time pass, and fires every timer on the way when it is due.
    mutating func advance(_ interval: Interval) throws(Violation) {
        let target = now + interval
        var firings = 0
        while let due = forwarder.earliestTimer, due <= target {
            now = max(now, due)
            forwarder.timerFired(now: now)
            try perform()
            firings += 1
            guard firings < 1_000_000 else { throw Violation("a timer fires without end") }
        }
        now = target
    }

    /// Does all that the forwarder wants done.
    mutating func perform(_ message: [UInt8] = []) throws(Violation) {
        while let action = forwarder.nextAction() {
            switch action {
            case .open(let id, let place): try open(id, place)
            case .close(let id): try close(id)
            case .finish(let id, let messageID):
                guard let place = connections.lastIndex(where: { $0.id == id }) else {
                    throw Violation("finishes on a connection that was never opened")
                }
                try connections[place].finish(messageID)
            case .send(let id, let exchange, let messageID):
                try send(id, exchange, messageID)
            case .reply(let query): try reply(to: query, from: message)
            }
        }
    }

    private mutating func open(_ id: ConnectionID, _ place: Int) throws(Violation) {
        guard let server = forwarder.pool.server(of: id) else {
            throw Violation("opens a connection to upstream \(place) that leads nowhere")
        }
        let upstream = Int(server.endpoint.address.v4Bits & 255)
        let ordinal = opened[upstream, default: 0] + 1
        opened[upstream] = ordinal
        guard let carrier = forwarder.pool.carrier(of: id) else {
            throw Violation("opens a connection that is gone")
        }
        connections.append(
            VirtualConnection(id: id, upstream: upstream, carrier: carrier, ordinal: ordinal))
        effects.append(.open(upstream: upstream, ordinal: ordinal))
    }

    private mutating func close(_ id: ConnectionID) throws(Violation) {
        let place = try place(of: id, "closes")
        connections[place].phase = .closed
        let connection = connections[place]
        effects.append(.close(upstream: connection.upstream, ordinal: connection.ordinal))
    }

    private mutating func send(
        _ id: ConnectionID, _ exchange: ExchangeID, _ messageID: UInt16
    ) throws(Violation) {
        let place = try place(of: id, "sends on")
        let bytes = written(capacity: forwarder.questionCapacity) { room in
            forwarder.writeQuestion(of: exchange, messageID: messageID, on: id, into: &room)
        }
        if bytes.isEmpty { return }
        let block = forwarder.settings.paddingBlock
        let question = try connections[place].receive(bytes, block: block)
        guard question.query.id == messageID else { throw Violation("sends another id") }
        let connection = connections[place]
        effects.append(
            .query(
                upstream: connection.upstream, ordinal: connection.ordinal, question.query))
    }

    private mutating func reply(to query: QueryID, from message: [UInt8]) throws(Violation) {
        guard let client = waiting.removeValue(forKey: query) else {
            throw Violation("answers a query that nobody waits for")
        }
        let room = forwarder.replyCapacity(query, answer: message.span.bytes)
        let reply = written(capacity: room) { room in
            forwarder.writeReply(
                to: query, from: message.span.bytes, now: now, into: &room)
        }
        try answer(client, reply)
    }

    private mutating func answer(_ client: Client, _ reply: [UInt8]) throws(Violation) {
        let answer = try client.check(reply, forwarder.settings)
        effects.append(.answer(client: client.number, answer))
    }

    private func place(of id: ConnectionID, _ verb: String) throws(Violation) -> Int {
        guard let place = connections.lastIndex(where: { $0.id == id }) else {
            throw Violation("\(verb) a connection that was never opened")
        }
        guard connections[place].phase != .closed else {
            throw Violation("\(verb) \(connections[place].name), which is closed")
        }
        return place
    }
}
