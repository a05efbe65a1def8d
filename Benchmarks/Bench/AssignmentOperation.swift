internal import NetAddress
internal import Upstream

/// A place on a connection and a message id, taken and given back.
struct TakeMessageID: Operation, ~Copyable {
    let name = "taking and giving back of an id"
    private var now = Instant(microseconds: 1_000_000)
    private var pool: Pool

    init() {
        pool = Pool(now: now, random: SeededGenerator())
        pool.configure(
            [UpstreamGroup(servers: [SampleUpstream.server])], trustGeneration: 1, now: now)
    }

    mutating func run(_ count: Int) -> Int {
        var total = 0
        for number in 0..<count {
            now = now + Interval(microseconds: 20)
            let exchange = UInt16(truncatingIfNeeded: number & 4095)
            guard let place = pool.assign(exchange, excluding: UpstreamSet(), now: now) else {
                continue
            }
            // A connection is replaced when its ids are used up.
            while let action = pool.nextAction() {
                if case .open(let connection, _) = action { pool.connected(connection, now: now) }
            }
            pool.answered(
                place.messageID, on: place.connection, roundTrip: .milliseconds(1),
                idleTimeout: nil, now: now)
            total &+= Int(place.messageID)
        }
        return total
    }
}
