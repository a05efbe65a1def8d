import FaultTable
import NetAddress
import TestServers
import Testing

/// Servers that are known by name.
@Suite struct HostNameTests {
    private static let name: TestName = "dot.example"
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A server that knows where `dot.example` is.
    private func bootstrap(_ addresses: [IPAddress]) throws -> DoTServer {
        var book = AnswerBook()
        book.hosts[Self.name] = addresses
        return try Fixture.server(book: book)
    }

    private func configuration(
        port: UInt16, bootstrap: DoTServer, others: [String] = [], sections: String = ""
    ) throws -> String {
        let servers = ["\(Self.name):\(port)"] + others
        return try "[Upstream]\nBootstrap=\(bootstrap.endpoint)#dot.example\n"
            + Fixture.configuration(servers, sections: sections)
    }

    @Test(arguments: [1, 2])
    func asksTheAddressThatTheNameHas(workers: Int) throws {
        let server = try Fixture.server()
        let bootstrap = try bootstrap([server.endpoint.address])
        let daemon = try RunningDaemon(
            configuration(port: server.port, bootstrap: bootstrap), workers: workers,
            servers: [server, bootstrap])
        for number in 0..<8 {
            let name = TestName("n\(number).example")
            let reply = try daemon.client.udp(name)
            #expect(reply?.addresses == [AnswerBook.address4(name)])
        }
        #expect(server.record.queriesReceived == 8)
        // One worker has asked for all.
        #expect(bootstrap.record.queriesReceived == 2)
        #expect(daemon.wait(for: "dot.example:\(server.port) at 127.0.0.1 healthy"))
    }

    @Test func aRouteMayHaveSuchAServer() throws {
        let main = try Fixture.server()
        let routed = try Fixture.server()
        let bootstrap = try bootstrap([routed.endpoint.address])
        let text =
            try "[Upstream]\nBootstrap=\(bootstrap.endpoint)#dot.example\n"
            + Fixture.configuration([main])
            + "[Route example dot.example]\nServer=\(Self.name):\(routed.port)\n"
        let daemon = try RunningDaemon(text, servers: [main, routed, bootstrap])
        for name in ["www.example", "www.dot.example"] as [TestName] {
            #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        }
        #expect(routed.record.queriesReceived == 2)
        #expect(main.record.queriesReceived == 0)
        // The route is not asked where its own server is.
        #expect(bootstrap.record.queriesReceived == 2)
    }

    @Test func looksTheAddressUpBeforeAnybodyAsks() throws {
        let bootstrap = try bootstrap([IPAddress(v4: 0x7f00_0001)])
        let daemon = try RunningDaemon(
            configuration(port: 853, bootstrap: bootstrap), servers: [bootstrap])
        #expect(bootstrap.wait(atMost: .seconds(10)) { $0.answersSent >= 2 })
        #expect(daemon.wait(for: "at 127.0.0.1 untried"))
    }

    @Test func oneOfTwoAddressesIsABlackHole() throws {
        let server = try Fixture.server()
        let hole = try SYNBlackHole(address: IPAddress(v6High: 0, low: 1), port: server.port)
        let bootstrap = try bootstrap([hole.endpoint.address, server.endpoint.address])
        let daemon = try RunningDaemon(
            configuration(port: server.port, bootstrap: bootstrap), servers: [server, bootstrap])
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(reply?.rcode == 0)
        #expect(server.record.handshakesFull == 1)
        #expect(daemon.wait(for: "at 127.0.0.1 healthy"))
        #expect(!daemon.status.contains("down"))
    }

    @Test func aLateAnswerIsAskedForAtTheOtherAddress() async throws {
        let (late, next, counts) = try await Crew.run {
            let server = try Fixture.server()
            server.behavior = Behavior().with { $0.silence = .below("late.example") }
            let other = try Fixture.server(
                options: DoTServerOptions().with {
                    ($0.address, $0.port) = (IPAddress(v4: 0x7f00_0002), server.port)
                })
            let bootstrap = try self.bootstrap([server.endpoint.address, other.endpoint.address])
            let daemon = try RunningDaemon(
                self.configuration(port: server.port, bootstrap: bootstrap),
                servers: [server, other, bootstrap])
            _ = try Survey(daemon.endpoint, count: 20, every: .milliseconds(5))
            let late = try Survey(daemon.endpoint, count: 1, zone: "late.example")
            let next = try Survey(daemon.endpoint, count: 5, zone: "next.example")
            return (late, next, [server, other].map(\.record.queriesReceived))
        }
        // The silence of the first would be noticed after a second.
        #expect(late.outcomes == [.right] && late.slowest < .milliseconds(900), "\(late.summary)")
        #expect(next.outcomes.allSatisfy { $0 == .right }, "\(next.summary)")
        #expect(counts[0] == 26)
        // On a busy machine others may be late as well.
        #expect((1...13).contains(counts[1]), "\(counts)")
    }

    @Test func startsWithoutWaitingForTheAddress() throws {
        let other = try Fixture.server()
        let bootstrap = try bootstrap([])
        let text = try configuration(
            port: 853, bootstrap: bootstrap, others: ["\(other.endpoint)#dot.example"])
        bootstrap.stop()
        let daemon = try RunningDaemon(text, servers: [other, bootstrap])
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(other.record.queriesReceived == 1)
    }

    @Test func knowsTheAddressAfterARestartThatNobodyTells() throws {
        let path = folder.path + "/memory"
        // So that the folder knows the name and removes the file in the end.
        try folder.write([], as: "memory")
        let server = try Fixture.server()
        let bootstrap = try bootstrap([server.endpoint.address])
        let text = try configuration(
            port: server.port, bootstrap: bootstrap,
            sections: "[Cache]\nSize=1M\nPersistFile=\(path)")
        let first = try RunningDaemon(text, servers: [server, bootstrap])
        let before = try first.client.udp("before.example")
        #expect(before?.addresses == [AnswerBook.address4("before.example")])
        #expect(first.stop() == 0)
        bootstrap.stop()
        let second = try RunningDaemon(text, workers: 2, servers: [server, bootstrap])
        let after = try second.client.udp("after.example")
        #expect(after?.addresses == [AnswerBook.address4("after.example")])
        #expect(bootstrap.record.queriesReceived == 2)
    }

    @Test func aServerWithAnotherNameIsNotAsked() throws {
        let stranger = try Fixture.server(presenting: { $0.names = ["other.test"] })
        let bootstrap = try bootstrap([stranger.endpoint.address])
        let daemon = try RunningDaemon(
            configuration(port: stranger.port, bootstrap: bootstrap),
            servers: [stranger, bootstrap])
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.rcode == 2)
        #expect(stranger.record.queriesReceived == 0)
    }
}
