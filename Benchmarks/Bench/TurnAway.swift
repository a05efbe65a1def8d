internal import Collections
internal import DNSWire
internal import Forwarder
internal import NetAddress

/// The life of a message in the core that is dropped or refused: what a flood is made of.
struct TurnAway: Operation, ~Copyable {
    let name: String
    private let message: [UInt8]
    private var reply = ByteSlab(count: 1, slotSize: 4096)
    private let now = Instant(microseconds: 1_000_000)
    private var forwarder: Forwarder

    /// An answer, which nobody asked for.
    static var noQuery: TurnAway { TurnAway("a message that is no query", SampleMessage.noQuery) }
    /// A query that is cut off in its last record, which is found last.
    static var malformed: TurnAway { TurnAway("a malformed query", SampleMessage.query.dropLast()) }
    /// A query that is well-formed, and answered with a reason.
    static var transfer: TurnAway { TurnAway("a refused query", SampleMessage.transfer) }

    private init(_ name: String, _ message: some Sequence<UInt8>) {
        self.name = name
        self.message = Array(message)
        forwarder = Forwarder(
            settings: ForwarderSettings(), now: now, random: SeededGenerator())
    }

    mutating func run(_ count: Int) -> Int {
        var total = 0
        for _ in 0..<count { total &+= Self.receive(message, now, &forwarder, &reply) }
        return total
    }

    private static func receive(
        _ message: [UInt8], _ now: Instant, _ forwarder: inout Forwarder, _ reply: inout ByteSlab
    ) -> Int {
        let client = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 40_000)
        var reply = reply.mutableSpan(0)
        let disposition = unsafe forwarder.received(
            message.span.bytes, from: Source(.datagram, client), now: now, reply: &reply)
        switch disposition {
        case .replied(let length): return length
        case .ignored: return 0
        case .pending, .transfer: preconditionFailure("it was taken for a query")
        }
    }
}
