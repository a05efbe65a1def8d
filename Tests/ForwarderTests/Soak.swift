import DNSCache
import DNSWire
import NetAddress
import TestSupport
import Upstream

@testable import Forwarder

/// A long random life of a forwarder: clients, servers and time do as a seed says.
struct Soak: ~Copyable {
    var forwarder: Forwarder
    var random: SplitMix64
    var now = Instant(microseconds: 5_000_000)
    /// Connections that are open on our side.
    var connecting: [ConnectionID] = []
    var ready: [ConnectionID] = []
    /// Queries as they were sent and not answered.
    var sent: [(connection: ConnectionID, message: [UInt8])] = []
    /// Queries that were taken and not answered.
    var waiting: Set<QueryID> = []
    var answers = 0
    /// What happened that may not happen.
    var complaints: [String] = []

    /// Whether all questions are asked in the clear.
    let isPlain: Bool

    init(
        seed: UInt64, upstreams: Int, cache: MessageCache = .disabled, isPlain: Bool = false
    ) {
        self.isPlain = isPlain
        random = SplitMix64(seed: seed)
        forwarder = Forwarder(
            settings: ForwarderSettings(), cache: cache, now: now,
            random: SplitMix64(seed: seed))
        configure(upstreams)
    }

    /// Takes so many servers, and with `named` one more whose address is to be looked up.
    mutating func configure(_ count: Int, named: Bool = false) {
        let start = random.below(8)
        let servers = (start..<(start + count)).map { number in
            UpstreamServer(
                endpoint: Endpoint(address: IPAddress(v4: 0xc000_0200 + UInt32(number)), port: 853),
                name: nil, transport: isPlain ? .plain : .tls)
        }
        var targets = servers.map(UpstreamTarget.server)
        if named, !isPlain, let name = Self.name {
            targets.insert(.host(UpstreamHost(name: name, port: 853)), at: random.below(count + 1))
        }
        var group = UpstreamGroup(isPlain ? GroupID(1) : .main, targets: targets)
        if isPlain { group.names = [.root] }
        forwarder.configure(
            forwarder.settings,
            groups: [group, UpstreamGroup(.bootstrap, servers: isPlain ? [] : servers)],
            trustGeneration: 1, now: now)
        perform([])
    }

    private static let name = ServerName("dns.example")

    /// Hears from somebody else where the named server is.
    mutating func learn() {
        guard let name = Self.name else { return }
        let start = random.below(4)
        let addresses = (0..<random.below(12)).map { number in
            IPAddress(v4: 0xc633_6400 + UInt32(start + number))
        }
        forwarder.learned(HostAddresses(name: name, addresses: addresses), now: now)
        perform([])
    }

    mutating func receive(_ message: [UInt8]) {
        let transport: Transport = random.below(3) == 0 ? .stream : .datagram
        let endpoint = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 5353)
        var reply = [UInt8](repeating: 0, count: Reply.minimumCapacity)
        let disposition = withRoom(in: &reply) { room in
            forwarder.received(
                message.span.bytes, from: Source(transport, endpoint), now: now, reply: &room)
        }
        switch disposition {
        case .pending(let query):
            if !waiting.insert(query).inserted { complaints.append("a query id is used twice") }
        case .replied(let length):
            let answer = Array(reply[..<min(length, reply.count)])
            if DecodedMessage(answer) == nil { complaints.append("a bad reply to a bad query") }
        case .transfer, .ignored: break
        }
        perform([])
    }

    /// Hands in a message from a server; nothing may come from a connection that was closed.
    mutating func answer(_ connection: ConnectionID, _ message: [UInt8]) {
        guard ready.contains(connection) else { return }
        forwarder.answered(message.span.bytes, on: connection, now: now)
        perform(message)
    }

    mutating func connect(_ connection: ConnectionID) {
        connecting.removeAll { $0 == connection }
        ready.append(connection)
        forwarder.connected(connection, now: now)
        perform([])
    }

    mutating func lose(_ connection: ConnectionID, _ failure: UpstreamFailure) {
        forget(connection)
        forwarder.lost(connection, failure, text: "\(failure)", now: now)
        perform([])
    }

    mutating func advance(milliseconds: Int) {
        let target = now + .milliseconds(UInt64(milliseconds))
        while let due = forwarder.earliestTimer, due <= target {
            now = max(now, due)
            forwarder.timerFired(now: now)
            perform([])
        }
        now = target
    }

    private mutating func forget(_ connection: ConnectionID) {
        connecting.removeAll { $0 == connection }
        ready.removeAll { $0 == connection }
        sent.removeAll { $0.connection == connection }
    }

    private mutating func perform(_ message: [UInt8]) {
        while let action = forwarder.nextAction() {
            switch action {
            case .open(let connection, _): open(connection)
            case .close(let connection):
                // A connection that was lost in this event is closed as well.
                forget(connection)
            case .finish(let connection, let messageID):
                let id = [UInt8(messageID >> 8), UInt8(messageID & 255)]
                sent.removeAll {
                    $0.connection == connection && $0.message.starts(with: id)
                }
            case .send(let connection, let exchange, let messageID):
                send(connection, exchange, messageID)
            case .reply(let query): reply(to: query, from: message)
            }
        }
    }

    private mutating func open(_ connection: ConnectionID) {
        if forwarder.pool.carrier(of: connection) == .datagram {
            ready.append(connection)
        } else {
            connecting.append(connection)
        }
    }

    private mutating func send(
        _ connection: ConnectionID, _ exchange: ExchangeID, _ messageID: UInt16
    ) {
        let query = written(capacity: UpstreamQuery.maximumByteCount(paddingBlock: 128)) { room in
            forwarder.writeQuestion(
                of: exchange, messageID: messageID, on: connection, into: &room)
        }
        if query.isEmpty { return }
        if !ready.contains(connection) { complaints.append("a query on no connection") }
        if !isPlain, query.count % 128 != 0 { complaints.append("an unpadded query") }
        sent.append((connection, query))
    }

    private mutating func reply(to query: QueryID, from message: [UInt8]) {
        if waiting.remove(query) == nil { complaints.append("an answer to no query") }
        let room = forwarder.replyCapacity(query, answer: message.span.bytes)
        let reply = written(capacity: room) { room in
            forwarder.writeReply(
                to: query, from: message.span.bytes, now: now, into: &room)
        }
        answers += 1
        if DecodedMessage(reply) == nil { complaints.append("a bad reply: \(hexadecimal(reply))") }
    }
}
