internal import Collections
internal import Forwarder
internal import NetAddress
internal import Upstream

/// The life of a query in the core: received, asked, answered, replied to.
struct ForwardQuery: Operation, ~Copyable {
    let name = "a forwarded query"
    private static let queriesPerWakeUp = 32
    private let query = SampleMessage.query
    private var upstream = AnsweringUpstream()
    private var reply = ByteSlab(count: 1, slotSize: 4096)
    private var now = Instant(microseconds: 1_000_000)
    private var forwarder: Forwarder

    /// With two upstreams, a query may be asked of the second as well if the first takes long.
    init(upstreams: Int = 1) {
        let settings = ForwarderSettings()
        forwarder = Forwarder(settings: settings, now: now, random: SeededGenerator())
        forwarder.configure(
            settings, groups: [UpstreamGroup(servers: SampleUpstream.servers(upstreams))],
            trustGeneration: 1, now: now)
    }

    mutating func run(_ count: Int) -> Int {
        var total = 0
        for number in 0..<count {
            now = now + Interval(microseconds: 20)
            // A daemon looks once in a wake-up.
            if number % Self.queriesPerWakeUp == 0, let timer = forwarder.earliestTimer,
                timer <= now
            {
                forwarder.timerFired(now: now)
            }
            Self.receive(query, now, &forwarder, &reply)
            while let action = forwarder.nextAction() {
                total &+= Self.perform(action, now, &forwarder, &upstream, &reply)
            }
        }
        return total
    }

    private static func receive(
        _ query: [UInt8], _ now: Instant, _ forwarder: inout Forwarder, _ reply: inout ByteSlab
    ) {
        let client = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 40_000)
        var reply = reply.mutableSpan(0)
        _ = unsafe forwarder.received(
            query.span.bytes, from: Source(.datagram, client), now: now, reply: &reply)
    }

    private static func perform(
        _ action: Action, _ now: Instant, _ forwarder: inout Forwarder,
        _ upstream: inout AnsweringUpstream, _ reply: inout ByteSlab
    ) -> Int {
        switch action {
        case .open(let connection, _):
            forwarder.connected(connection, now: now)
        case .close, .finish:
            break
        case .send(let connection, let exchange, let messageID):
            upstream.take(exchange, messageID, on: connection, from: &forwarder)
            unsafe forwarder.answered(upstream.answer.span.bytes, on: connection, now: now)
        case .reply(let query):
            var reply = reply.mutableSpan(0)
            return unsafe forwarder.writeReply(
                to: query, from: upstream.answer.span.bytes, now: now, into: &reply)
        }
        return 0
    }
}

/// An upstream whose answer is there as soon as the question is.
private struct AnsweringUpstream: ~Copyable {
    private(set) var answer = SampleMessage.response(records: 1)
    private var question = ByteSlab(count: 1, slotSize: 1024)

    mutating func take(
        _ exchange: ExchangeID, _ messageID: UInt16, on connection: ConnectionID,
        from forwarder: inout Forwarder
    ) {
        var question = question.mutableSpan(0)
        let length = forwarder.writeQuestion(
            of: exchange, messageID: messageID, on: connection, into: &question)
        precondition(length > 0, "the forwarder has no such question")
        answer[0] = UInt8(messageID >> 8)
        answer[1] = UInt8(messageID & 0xff)
    }
}
