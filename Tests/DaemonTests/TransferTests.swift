import NetAddress
import TestServers
import Testing

/// Zone transfers, relayed from a server of a route to a TCP client.
@Suite struct TransferTests {
    private static let axfr = PlainQuery("corp.test", 252)

    private func daemon(_ server: PlainServer) throws -> (RunningDaemon, DoTServer) {
        let main = try Fixture.server()
        let daemon = try RunningDaemon(
            Fixture.configuration([main])
                + "[Route corp.test]\nTransport=plain\nServer=\(server.endpoint)\n",
            servers: [main])
        return (daemon, main)
    }

    /// The messages that a client gets until there are `count` of them or no more come.
    private func messages(_ client: StreamClient, _ count: Int) -> [PlainReply] {
        var replies: [PlainReply] = []
        while replies.count < count, let reply = client.receive(timeout: .seconds(5)) {
            replies.append(reply)
        }
        return replies
    }

    @Test func everyMessageIsPassedOn() throws {
        // 3 MB: far more than may wait for a client.
        let server = try PlainServer(.transfers(200, breaksOff: false))
        let (daemon, main) = try daemon(server)
        let client = try StreamClient(to: daemon.endpoint)
        try client.send(Self.axfr)
        let replies = messages(client, 200)
        #expect(replies.count == 200)
        #expect(replies.allSatisfy { $0.id == Self.axfr.id && $0.bytes.count > 16_000 })
        // The connection is good for more, and nothing of the zone was kept.
        try client.send(Self.axfr)
        #expect(messages(client, 200).count == 200)
        #expect(server.record.connectionsAccepted == 2)
        #expect(main.record.connectionsAccepted == 0)
    }

    @Test func othersAreServedMeanwhile() throws {
        let server = try PlainServer(.transfers(400, breaksOff: false))
        let (daemon, _) = try daemon(server)
        let client = try StreamClient(to: daemon.endpoint)
        try client.send(Self.axfr)
        // The client does not read, so most of the zone stays with the server.
        let name: TestName = "www.corp.test"
        #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        #expect(messages(client, 400).count == 400)
    }

    @Test func aZoneThatBreaksOffIsNotTakenForWhole() throws {
        let server = try PlainServer(.transfers(10, breaksOff: true))
        let (daemon, _) = try daemon(server)
        let client = try StreamClient(to: daemon.endpoint)
        try client.send(Self.axfr)
        #expect(messages(client, 10).count <= 5)
        #expect(client.isClosed())
    }

    @Test func aServerThatIsGoneIsToldAtOnce() throws {
        let server = try PlainServer()
        server.stop()
        let (daemon, main) = try daemon(server)
        let client = try StreamClient(to: daemon.endpoint)
        try client.send(Self.axfr)
        let reply = client.receive(timeout: .seconds(2))
        #expect(reply?.rcode == ResponseCode.serverFailure)
        #expect(main.record.connectionsAccepted == 0)
    }

    @Test func transfersAreBounded() throws {
        let server = try PlainServer(.transfers(400, breaksOff: false))
        let (daemon, _) = try daemon(server)
        // The server serves one after the other, so the first keeps the others waiting.
        let clients = try (0..<9).map { _ in
            let client = try StreamClient(to: daemon.endpoint)
            try client.send(Self.axfr)
            return client
        }
        let refused = clients.last?.receive(timeout: .seconds(5))
        #expect(refused?.rcode == ResponseCode.serverFailure)
    }
}
