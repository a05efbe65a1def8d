import NetAddress
import TestServers

/// Distinct questions asked at a steady pace, and what became of each.
public struct Survey: Sendable {
    /// What a client got.
    public enum Outcome: Equatable, Sendable, CustomStringConvertible {
        /// NOERROR and the address that this name has.
        case right
        /// Any other code, with the extended error if there is one.
        case failure(rcode: UInt16, reason: UInt16?, words: String)
        /// An answer that this question does not have.
        case wrong([IPAddress])
        case none

        public var description: String {
            switch self {
            case .right: "right"
            case .failure(let rcode, let reason, let words):
                "\(rcode)/\(reason.map(String.init) ?? "-") \(words)"
            case .wrong(let addresses): "wrong \(addresses)"
            case .none: "none"
            }
        }
    }

    public private(set) var outcomes: [Outcome] = []
    public private(set) var latencies: [Interval] = []
    /// When each question was asked.
    public private(set) var sent: [Instant] = []

    /// Asks `count` questions over UDP, then over TCP those answered with TC.
    ///
    /// Waits for answers until each had `patience`.
    public init(
        _ endpoint: Endpoint, count: Int, every pause: Interval = .milliseconds(50),
        zone: String = "survey.example", patience: Interval = .seconds(6)
    ) throws {
        let client = try DatagramClient(to: endpoint)
        let queries = (0..<count).map {
            PlainQuery(
                TestName("q\($0).\(zone)"), id: UInt16(truncatingIfNeeded: $0), edns: TestEDNS())
        }
        var replies: [Int: PlainReply] = [:]
        let start = Instant.now
        for (number, query) in queries.enumerated() {
            let due = start + Interval(microseconds: pause.microseconds * UInt64(number))
            Self.collect(client, until: due, into: &replies, wanted: .max)
            sent.append(Instant.now)
            try client.send(query)
        }
        Self.collect(client, until: Instant.now + patience, into: &replies, wanted: count)
        for (number, query) in queries.enumerated() {
            var reply = replies[number]
            var latency = reply.map { $0.time - sent[number] } ?? patience
            if reply?.message?.isTruncated == true {
                let again = Instant.now
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
            let reply = client.receive(timeout: deadline - Instant.now)
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

    public var slowest: Interval { latencies.max() ?? .zero }

    public var median: Interval { percentile(50) }

    /// What so many of a hundred latencies do not exceed.
    public func percentile(_ percent: Int) -> Interval {
        let sorted = latencies.sorted()
        let rank = (sorted.count * percent + 99) / 100
        return sorted.isEmpty ? .zero : sorted[min(max(rank, 1), sorted.count) - 1]
    }

    /// Each different outcome with how often it came, for messages.
    public var summary: String {
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
