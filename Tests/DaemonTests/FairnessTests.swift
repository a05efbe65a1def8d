import LinuxIO
import NetAddress
import TestServers
import Testing

/// Clients that take all they can get: others are served meanwhile.
@Suite struct FairnessTests {
    /// What a client does again and again, as fast as it can.
    enum Greed: String, CaseIterable, CustomTestStringConvertible {
        case segmentsOfOneOctet = "segments of one octet"
        case aConnectionForEachQuery = "a connection for each query"
        case pipelines = "a hundred queries at a time over TCP"
        case datagrams = "datagrams without waiting"

        var testDescription: String { rawValue }
    }

    private static let query = PlainQuery("www.example", id: 7)

    /// Goes on until it is told to stop, and gives how often it has been round.
    private static func go(
        _ greed: Greed, at server: Endpoint, until isOver: Guarded<Bool>
    ) throws -> Int {
        var rounds = 0
        let pipelines = try StreamClient(to: server)
        let datagrams = try DatagramClient(to: server)
        while !isOver.withLock({ $0 }) {
            switch greed {
            case .segmentsOfOneOctet:
                for octet in query.bytes.framed { try pipelines.sendRaw([octet]) }
                try Crew.require(pipelines.receive() != nil)
            case .aConnectionForEachQuery:
                try Crew.require(PlainClient(server).tcp(query) != nil)
            case .pipelines:
                try pipelines.send(Array(repeating: query, count: 100))
                try Crew.require(pipelines.receive(100).count == 100)
            case .datagrams:
                for _ in 0..<100 { try datagrams.send(query) }
            }
            rounds += 1
        }
        return rounds
    }

    /// How long each of so many queries takes that come in small steps beside greedy clients.
    private static func waits(beside greed: Greed) throws -> (waits: [Interval], rounds: [Int]) {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server, sections: "[Cache]\nSize=1M")
        _ = try daemon.client.udp(query)
        let isOver = Guarded(false)
        let (client, endpoint) = (daemon.client, daemon.endpoint)
        let others = (0..<3).map { _ in
            Crew.start { try go(greed, at: endpoint, until: isOver) }
        }
        var waits: [Interval] = []
        for _ in 0..<100 {
            let start = Clock.monotonic()
            // What a flood displaces from the socket never comes to the daemon.
            let reply = try greed == .datagrams ? client.tcp(query) : client.udp(query)
            try Crew.require(reply?.addresses == [AnswerBook.address4("www.example")])
            waits.append(Clock.monotonic() - start)
        }
        isOver.withLock { $0 = true }
        return (waits.sorted(), try others.map { try $0.wait() })
    }

    @Test(arguments: Greed.allCases)
    func othersAreServedMeanwhile(_ greed: Greed) async throws {
        let (waits, rounds) = try await Crew.run { try Self.waits(beside: greed) }
        // Busy other tests take the processor from the clients, too; a worker that serves one
        // client until it is done would never answer here.
        #expect(waits[waits.count / 2] < .milliseconds(100), "half: \(waits[waits.count / 2])")
        #expect(waits[waits.count * 95 / 100] < .seconds(1), "most: \(waits.suffix(6))")
        #expect(rounds.allSatisfy { $0 > 0 }, "\(rounds)")
    }
}
