import LinuxIO
import NetAddress
import TestServers

/// Distinct questions asked at a steady pace, and what became of each.
struct Survey {
    /// What a client got.
    enum Outcome: Equatable, CustomStringConvertible {
        /// NOERROR and the address that this name has.
        case right
        /// Any other code, with the extended error if there is one.
        case failure(rcode: UInt16, reason: UInt16?, words: String)
        /// An answer that this question does not have.
        case wrong([IPAddress])
        case none

        var description: String {
            switch self {
            case .right: "right"
            case .failure(let rcode, let reason, let words):
                "\(rcode)/\(reason.map(String.init) ?? "-") \(words)"
            case .wrong(let addresses): "wrong \(addresses)"
            case .none: "none"
            }
        }
    }

    private(set) var outcomes: [Outcome] = []
    private(set) var latencies: [Interval] = []

    /// Asks `count` questions over UDP, then over TCP those answered with TC.
    ///
    /// Waits for answers until each had `patience`.
    init(
        _ endpoint: Endpoint, count: Int, every pause: Interval = .milliseconds(50),
        zone: String = "survey.example", patience: Interval = .seconds(6)
    ) throws {
        let client = try DatagramClient(to: endpoint)
        let queries = (0..<count).map {
            PlainQuery(
                TestName("q\($0).\(zone)"), id: UInt16(truncatingIfNeeded: $0), edns: TestEDNS())
        }
        var sent: [Instant] = []
        var replies: [Int: PlainReply] = [:]
        let start = Clock.monotonic()
        for (number, query) in queries.enumerated() {
            let due = start + Interval(microseconds: pause.microseconds * UInt64(number))
            Self.collect(client, until: due, into: &replies, wanted: .max)
            sent.append(Clock.monotonic())
            try client.send(query)
        }
        Self.collect(client, until: Clock.monotonic() + patience, into: &replies, wanted: count)
        for (number, query) in queries.enumerated() {
            var reply = replies[number]
            var latency = reply.map { $0.time - sent[number] } ?? patience
            if reply?.message?.isTruncated == true {
                let again = Clock.monotonic()
                reply = try PlainClient(endpoint).tcp(query)
                latency = max(latency, reply.map { $0.time - again } ?? patience)
            }
            outcomes.append(Self.outcome(of: reply, to: query))
            latencies.append(latency)
        }
    }

    private static func collect(
        _ client: DatagramClient, until deadline: Instant, into replies: inout [Int: PlainReply],
        wanted: Int
    ) {
        while replies.count < wanted,
            let reply = client.receive(timeout: deadline - Clock.monotonic())
        {
            guard let id = reply.id, replies[Int(id)] == nil else { continue }
            replies[Int(id)] = reply
        }
    }

    private static func outcome(of reply: PlainReply?, to query: PlainQuery) -> Outcome {
        guard let message = reply?.message else { return .none }
        guard message.rcode == 0 else {
            let error = message.edns?.extendedError
            return .failure(
                rcode: message.rcode, reason: error?.code, words: error?.text ?? "")
        }
        // Others may follow the right address in an answer that is as large as can be.
        let isForged = message.addresses.contains(AnswerBook.forgedAddress4)
        return message.addresses.first == AnswerBook.address4(query.name) && !isForged
            ? .right : .wrong(Array(message.addresses.prefix(4)))
    }

    var slowest: Interval { latencies.max() ?? .zero }

    var median: Interval { latencies.sorted()[latencies.count / 2] }

    /// Each different outcome with how often it came, for messages.
    var summary: String {
        var counts: [(String, Int)] = []
        for outcome in outcomes {
            if let place = counts.firstIndex(where: { $0.0 == "\(outcome)" }) {
                counts[place].1 += 1
            } else {
                counts.append(("\(outcome)", 1))
            }
        }
        return counts.map { "\($0.1) x \($0.0)" }.joined(separator: ", ") + ", \(slowest)"
    }
}
