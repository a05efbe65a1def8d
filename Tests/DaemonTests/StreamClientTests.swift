import FaultTable
import LinuxIO
import NetAddress
import TestServers
import Testing

/// What TCP clients may do, and what they are kept from.
@Suite struct StreamClientTests {
    private static let garbage = [UInt8](repeating: 0xaa, count: 9).framed
    private static let good = PlainQuery("www.example", id: 7)

    private func daemon(_ listen: String = "") throws -> (DoTServer, RunningDaemon) {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server, sections: "[Listen]\n\(listen)")
        return (server, daemon)
    }

    @Test func aFrameWithoutAMessageEndsTheConnection() throws {
        let (server, daemon) = try daemon()
        let client = try StreamClient(to: daemon.endpoint)
        try client.sendRaw([0, 0] + Self.good.bytes.framed)
        #expect(client.isClosed())
        #expect(server.record.queriesReceived == 0)
    }

    @Test func threeFramesInARowThatAreNoQueryEndTheConnection() throws {
        let (server, daemon) = try daemon()
        let client = try StreamClient(to: daemon.endpoint)
        for _ in 0..<3 {
            try client.sendRaw(Self.garbage + Self.garbage + Self.good.bytes.framed)
            #expect(client.receive()?.addresses == [AnswerBook.address4("www.example")])
        }
        try client.sendRaw(Self.garbage + Self.garbage + Self.garbage + Self.good.bytes.framed)
        #expect(client.isClosed())
        #expect(server.record.queriesReceived == 3)
    }

    @Test func aFrameThatIsTooLongIsPassedOver() throws {
        let (_, daemon) = try daemon()
        let client = try StreamClient(to: daemon.endpoint)
        for length in [4097, 20_000, 65_535] {
            try client.sendRaw([UInt8](repeating: 1, count: length).framed)
            try client.send(Self.good)
            #expect(client.receive()?.addresses == [AnswerBook.address4("www.example")])
        }
    }

    @Test func queriesComeInAnyPieces() throws {
        let (_, daemon) = try daemon()
        let client = try StreamClient(to: daemon.endpoint)
        for octet in Self.good.bytes.framed { try client.sendRaw([octet]) }
        #expect(client.receive()?.id == 7)
        let two = Self.good.bytes.framed + PlainQuery("b.example", id: 8).bytes.framed
        try client.sendRaw(Array(two.prefix(40)))
        #expect(client.receive()?.id == 7)
        try client.sendRaw(Array(two.dropFirst(40)))
        #expect(client.receive()?.id == 8)
    }

    @Test func aHalfClosedClientGetsAllItsAnswers() throws {
        let (server, daemon) = try daemon()
        server.pauseAnswering()
        let client = try StreamClient(to: daemon.endpoint)
        try client.send((0..<200).map { PlainQuery(TestName("q\($0).example"), id: UInt16($0)) })
        client.finishSending()
        // As many as one client may have under way.
        #expect(server.wait { $0.queriesReceived == 100 })
        server.resumeAnswering()
        let replies = client.receive(200)
        #expect(Set(replies.compactMap(\.id)) == Set(0..<200))
        #expect(client.isClosed())
    }

    @Test func aHalfClosedClientWithoutQueriesIsClosed() throws {
        let (_, daemon) = try daemon()
        for rest in [[], [0], Array(Self.good.bytes.framed.dropLast())] as [[UInt8]] {
            let client = try StreamClient(to: daemon.endpoint)
            try client.sendRaw(rest)
            client.finishSending()
            #expect(client.isClosed())
        }
    }

    @Test func aThousandQueriesInOneSegment() throws {
        let (server, daemon) = try daemon()
        let client = try StreamClient(to: daemon.endpoint)
        try client.send((0..<1000).map { PlainQuery(TestName("q\($0).example"), id: UInt16($0)) })
        let replies = client.receive(1000)
        #expect(replies.count == 1000)
        for reply in replies {
            let name = TestName("q\(reply.id ?? 0).example")
            #expect(reply.addresses == [AnswerBook.address4(name)])
        }
        #expect(server.record.mostInFlight <= 100)
        let other = try daemon.client.tcp("other.example")
        #expect(other?.addresses == [AnswerBook.address4("other.example")])
    }

    @Test func aClientThatAsksMuchDoesNotHoldUpOthers() throws {
        let (server, daemon) = try daemon("TCPQueriesPerClient=5")
        server.behavior = Behavior().with { $0.silence = .below("lost.example") }
        let client = try StreamClient(to: daemon.endpoint)
        try client.send((0..<20).map { PlainQuery(TestName("q\($0).lost.example")) })
        #expect(server.wait { $0.queriesReceived == 5 })
        let overUDP = try daemon.client.udp("one.example")
        #expect(overUDP?.addresses == [AnswerBook.address4("one.example")])
        let overTCP = try daemon.client.tcp("two.example")
        #expect(overTCP?.addresses == [AnswerBook.address4("two.example")])
        #expect(server.record.queriesReceived == 7)
    }

    @Test(arguments: [10, 40])
    func manyLargeAnswersAtOnce(_ count: Int) throws {
        let (server, daemon) = try daemon()
        server.pauseAnswering()
        let client = try StreamClient(to: daemon.endpoint)
        let names = (0..<count).map { TestName("txt-20000.q\($0).example") }
        try client.send(
            names.enumerated().map {
                PlainQuery($0.element, RecordType.txt, id: UInt16($0.offset))
            })
        try #require(server.wait(atMost: .seconds(20)) { $0.queriesReceived == count })
        server.resumeAnswering()
        let replies = client.receive(count, timeout: .seconds(20))
        #expect(replies.count == count)
        for reply in replies {
            let name = names[Int(reply.id ?? 0)]
            let isWhole =
                reply.message?.answers.first?.text == AnswerBook.text(name, count: 20_000)
            // A client that is slow to read may be told to ask again, never closed.
            #expect(isWhole || count > 10 && reply.message?.isTruncated == true)
        }
    }

    @Test func anIdleClientIsClosedAfterTheConfiguredTime() async throws {
        let (idle, active) = try await Crew.run {
            let (_, daemon) = try daemon("TCPIdleTimeout=1s")
            let start = Clock.monotonic()
            let client = try StreamClient(to: daemon.endpoint)
            try Crew.require(client.isClosed(within: .seconds(5)))
            let idle = Clock.monotonic() - start
            let other = try StreamClient(to: daemon.endpoint)
            let begin = Clock.monotonic()
            for _ in 0..<3 {
                try other.send(Self.good)
                _ = other.receive()
                try Crew.require(!other.isClosed(within: .milliseconds(600)))
            }
            try Crew.require(other.isClosed(within: .seconds(5)))
            return (idle, Clock.monotonic() - begin)
        }
        #expect(idle >= .seconds(1) && idle < .seconds(2), "\(idle)")
        #expect(active >= .milliseconds(2200) && active < .seconds(4), "\(active)")
    }

    @Test func aReloadChangesTheIdleTime() async throws {
        let took = try await Crew.run {
            let (server, daemon) = try daemon("TCPIdleTimeout=60s")
            try daemon.reload(
                Fixture.configuration([server], sections: "[Listen]\nTCPIdleTimeout=1s"))
            let start = Clock.monotonic()
            let client = try StreamClient(to: daemon.endpoint)
            try Crew.require(client.isClosed(within: .seconds(5)))
            return Clock.monotonic() - start
        }
        #expect(took < .seconds(2), "\(took)")
    }

    @Test func aNewClientTakesThePlaceOfTheIdlest() throws {
        let (_, daemon) = try daemon("TCPClients=8")
        var clients: [StreamClient] = []
        for _ in 0..<8 {
            let client = try StreamClient(to: daemon.endpoint)
            try client.send(Self.good)
            #expect(client.receive()?.id == 7)
            // Idle times are told apart when they differ by more than a tick of 4 ms.
            #expect(client.receive(timeout: .milliseconds(15)) == nil)
            clients.append(client)
        }
        try clients[0].send(Self.good)
        #expect(clients[0].receive()?.id == 7)
        for _ in 0..<3 {
            let new = try StreamClient(to: daemon.endpoint)
            try new.send(Self.good)
            #expect(new.receive()?.id == 7)
            clients.append(new)
        }
        #expect(clients[1...3].allSatisfy { $0.isClosed(within: .seconds(1)) })
        for client in [clients[0]] + clients[4...] {
            try client.send(Self.good)
            #expect(client.receive()?.id == 7)
        }
    }

    @Test func clientsThatVanishLeaveNothingBehind() throws {
        let (server, daemon) = try daemon("TCPClients=8")
        for round in 0..<40 {
            let client = try StreamClient(to: daemon.endpoint)
            switch round % 4 {
            case 0: try client.sendRaw(Array(Self.good.bytes.framed.prefix(10)))
            case 1: try client.send(PlainQuery("delay-50.example"))
            case 2: try client.send(PlainQuery("txt-60000.example", RecordType.txt))
            default: break
            }
            if round % 3 == 0 { client.close() } else { client.reset() }
        }
        let reply = try daemon.client.tcp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.wait { $0.inFlight == 0 })
        #expect(daemon.stop() == 0)
    }

    @Test func fiveHundredClientsOneAfterTheOther() throws {
        let (_, daemon) = try daemon()
        var clients: [StreamClient] = []
        for number in 0..<500 {
            let client = try StreamClient(to: daemon.endpoint)
            try client.send(PlainQuery(TestName("q\(number).example"), id: UInt16(number)))
            clients.append(client)
        }
        for (number, client) in clients.enumerated() {
            let name = TestName("q\(number).example")
            #expect(client.receive()?.addresses == [AnswerBook.address4(name)])
        }
    }

    /// What a client begins and does not finish.
    enum Stall: CaseIterable {
        case lengthTooLong
        case lengthTooShort
        case octetASecond
        case tls
        case http
    }

    @Test(arguments: Stall.allCases)
    func anUnfinishedFrameEndsTheConnection(_ stall: Stall) async throws {
        let (took, answered) = try await Crew.run {
            let (_, daemon) = try daemon("TCPIdleTimeout=60s")
            let client = try StreamClient(to: daemon.endpoint)
            let start = Clock.monotonic()
            try Self.begin(stall, client)
            var isClosed = false
            for _ in 0..<24 where !isClosed {
                isClosed = client.isClosed(within: .milliseconds(500))
                // It may be closed while this is written.
                if stall == .octetASecond, !isClosed { try? client.sendRaw([1]) }
            }
            let took = isClosed ? Clock.monotonic() - start : .seconds(3600)
            return (took, try daemon.client.udp("www.example")?.addresses)
        }
        #expect(took < .milliseconds(10_500), "\(took)")
        #expect(answered == [AnswerBook.address4("www.example")])
    }

    private static func begin(_ stall: Stall, _ client: StreamClient) throws {
        let query = good.bytes
        switch stall {
        case .lengthTooLong: try client.sendRaw([0, UInt8(query.count + 10)] + query)
        case .lengthTooShort: try client.sendRaw([0, UInt8(query.count - 5)] + query)
        case .octetASecond: try client.sendRaw([0, 200])
        case .tls: try client.sendRaw([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + query)
        case .http: try client.sendRaw(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        }
    }

    @Test func aClientThatNeverReadsIsStoppedAndClosed() async throws {
        let (queries, took, slowest) = try await Crew.run {
            let (server, daemon) = try daemon()
            let client = try StreamClient(to: daemon.endpoint, receiveBuffer: 4096)
            try? client.send(
                (0..<2000).map { PlainQuery(TestName("txt-20000.q\($0).example"), RecordType.txt) })
            // Others do not notice, once the upstream is done with the large answers.
            let isCalm = server.wait(atMost: .seconds(9)) {
                $0.queriesReceived > 4 && $0.inFlight == 0
            }
            try Crew.require(isCalm)
            let start = Clock.monotonic()
            let survey = try Survey(daemon.endpoint, count: 20)
            // Not by reading, which would set it going again.
            while Self.isOpen(client), Clock.monotonic() - start < .seconds(20) {
                _ = server.wait(atMost: .milliseconds(100)) { _ in false }
            }
            return (
                server.record.queriesReceived - 20, Clock.monotonic() - start, survey.slowest
            )
        }
        // 256 KiB here, 4 MiB in the kernel at most, and 100 queries under way.
        #expect(queries <= 340, "\(queries)")
        #expect(took < .seconds(14), "\(took)")
        #expect(slowest < .seconds(2), "\(slowest)")
    }

    /// Whether the other side still takes octets.
    private static func isOpen(_ client: StreamClient) -> Bool {
        (try? client.sendSome([0])) != nil
    }
}
