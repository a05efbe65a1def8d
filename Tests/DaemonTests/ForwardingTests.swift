import FaultTable
import NetAddress
import TestServers
import Testing

/// The way of a query and of its answer, with everybody behaving.
@Suite struct ForwardingTests {
    @Test(arguments: [IPAddress.loopback, .loopback6])
    func answersOverBothTransports(on address: IPAddress) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(
            Fixture.configuration([server]), on: ListeningSockets(on: address))
        let overUDP = try daemon.client.udp("www.example")
        #expect(overUDP?.addresses == [AnswerBook.address4("www.example")])
        let overTCP = try daemon.client.tcp("www.example", RecordType.aaaa)
        #expect(overTCP?.addresses == [AnswerBook.address6("www.example")])
        #expect(daemon.stop() == 0)
        #expect(server.record.handshakesFull == 1)
    }

    @Test func asksAnUpstreamOverIPv6() throws {
        let server = try Fixture.server(options: .v6)
        let daemon = try RunningDaemon(asking: server)
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
    }

    @Test func severalWorkersShareTheSockets() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(Fixture.configuration([server]), workers: 2)
        for number in 0..<50 {
            let name = TestName("w\(number).example")
            let reply = try daemon.client.udp(name)
            #expect(reply?.addresses == [AnswerBook.address4(name)])
        }
        #expect(daemon.stop() == 0)
    }

    /// The order of the answers, beside that in which the server was asked.
    enum Order: CaseIterable {
        case asAsked
        case reversed
    }

    @Test(arguments: Order.allCases)
    func matchesAThousandAnswersInFlight(_ order: Order) throws {
        let server = try Fixture.server()
        server.pauseAnswering()
        if order == .reversed {
            server.behavior = Behavior().with { $0.reversesWithin = .milliseconds(50) }
        }
        let daemon = try RunningDaemon(asking: server)
        var clients: [DatagramClient] = []
        // In portions that fit the socket's buffer.
        for portion in 0..<20 {
            let client = try DatagramClient(to: daemon.endpoint)
            for number in 0..<50 {
                try client.send(
                    PlainQuery(TestName("q\(number).p\(portion).example"), id: UInt16(number)))
            }
            #expect(server.wait { $0.queriesReceived == 50 * (portion + 1) })
            clients.append(client)
        }
        server.resumeAnswering()
        for (portion, client) in clients.enumerated() {
            let replies = client.receive(50)
            #expect(Set(replies.compactMap(\.id)) == Set(0..<50))
            let crossed = replies.filter { reply in
                let name = TestName("q\(reply.id ?? 0).p\(portion).example")
                return reply.message?.questions.first?.name != name
                    || reply.addresses != [AnswerBook.address4(name)]
            }
            #expect(crossed.isEmpty)
        }
        #expect(server.record.mostInFlight == 1000)
        #expect(server.record.connectionsAccepted == 1)
    }

    @Test func asksOnceForClientsThatAskTheSame() throws {
        let server = try Fixture.server()
        server.pauseAnswering()
        let daemon = try RunningDaemon(asking: server)
        let spellings = ["same.example", "SAME.example", "sAmE.eXaMpLe", "same.EXAMPLE"]
        var clients: [(client: DatagramClient, query: PlainQuery)] = []
        for (number, spelling) in spellings.enumerated() {
            let query = PlainQuery(
                TestName(spelling), edns: number % 2 == 0 ? nil : TestEDNS())
            let client = try DatagramClient(to: daemon.endpoint)
            try client.send(query)
            clients.append((client, query))
        }
        // Another question after them, which is seen upstream when they have been taken.
        try clients[0].client.send(PlainQuery("same.example", RecordType.aaaa))
        #expect(
            server.wait {
                $0.queries.last?.message.questions.first?.type == RecordType.aaaa
            })
        server.resumeAnswering()
        for (client, query) in clients {
            let reply = client.receive()
            #expect(reply?.id == query.id)
            #expect(reply?.message?.questions.first?.name == query.name)
            #expect(reply?.addresses == [AnswerBook.address4("same.example")])
            #expect((reply?.message?.edns == nil) == (query.edns == nil))
        }
        #expect(server.record.queriesReceived == 2)
    }

    @Test(arguments: [
        Behavior.Pacing.records(of: 1, every: .zero), .singleOctetWrites, .coalesced,
        .records(of: 100, every: .milliseconds(1)),
    ])
    func putsAnswersTogether(_ pacing: Behavior.Pacing) throws {
        let server = try Fixture.server()
        server.behavior = Behavior().with { $0.pacing = pacing }
        let daemon = try RunningDaemon(asking: server)
        let survey = try Survey(daemon.endpoint, count: 20, every: .zero)
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(survey.slowest < .seconds(3), "\(survey.summary)")
    }

    @Test func gathersTheQueriesOfAWakeUpInOneRecord() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("first.example")
        let client = try StreamClient(to: daemon.endpoint)
        try client.send((0..<40).map { PlainQuery(TestName("q\($0).example")) })
        #expect(client.receive(40).count == 40)
        // One segment is one wake-up; 40 queries of 128 octets fit one record.
        #expect(server.record.queriesPerRecord(connection: 0) == [1, 40])
    }

    @Test func passesOnAnAnswerOfTheLargestSize() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let query = PlainQuery("txt-64000.example", RecordType.txt, edns: TestEDNS())
        let overUDP = try daemon.client.udp(query)
        #expect(overUDP?.message?.isTruncated == true)
        #expect(overUDP?.message?.counts == [1, 0, 0, 1])
        #expect(overUDP?.message?.edns?.payloadSize == 1232)
        let overTCP = try daemon.client.tcp(query)
        #expect(overTCP?.message?.isTruncated == false)
        #expect(
            overTCP?.message?.answers.first?.text
                == AnswerBook.text("txt-64000.example", count: 64_000))
    }

    /// What a client announces and the size of the text that still fits with everything else.
    @Test(arguments: [
        (size: nil as UInt16?, fits: 400, doesNot: 600), (size: 100, fits: 400, doesNot: 600),
        (size: 1000, fits: 900, doesNot: 1000), (size: 65_535, fits: 1100, doesNot: 1300),
    ])
    func keepsToTheSizeOfTheClient(_ client: (size: UInt16?, fits: Int, doesNot: Int)) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let edns = client.size.map { TestEDNS(payloadSize: $0) }
        let small = TestName("txt-\(client.fits).example")
        let whole = try daemon.client.udp(PlainQuery(small, RecordType.txt, edns: edns))
        #expect(
            whole?.message?.answers.first?.text == AnswerBook.text(small, count: client.fits))
        let large = TestName("txt-\(client.doesNot).example")
        let cut = try daemon.client.udp(PlainQuery(large, RecordType.txt, edns: edns))
        #expect(cut?.message?.isTruncated == true)
        #expect(cut?.message?.counts == [1, 0, 0, edns == nil ? 0 : 1])
    }

    @Test func answersInTheSpellingOfTheClient() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let reply = try daemon.client.udp("wWw.ExAmPlE")
        #expect(reply?.message?.questions.first?.name == "wWw.ExAmPlE")
        #expect(reply?.message?.answers.first?.name == "wWw.ExAmPlE")
        // Which letters were large is nobody's business upstream.
        #expect(server.record.queries.first?.name == "www.example")
    }

    @Test(arguments: ["nx.example", "nodata.example", "cname-3.example", "servfail.example"])
    func passesOnAnswersOfAllKinds(_ name: String) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let query = PlainQuery(TestName(name))
        let reply = try daemon.client.udp(query)
        let sent = try #require(server.record.queries.first).message
        let expected = TestMessage(AnswerBook().answer(to: sent))
        #expect(reply?.rcode == expected?.rcode)
        #expect(reply?.message?.answers == expected?.answers)
        #expect(reply?.message?.authorities == expected?.authorities)
    }

    @Test(arguments: [0, 255, 257, 65_280, 65_535] as [UInt16])
    func passesOnTypesThatNobodyKnows(_ type: UInt16) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let reply = try daemon.client.udp("www.example", type)
        #expect(reply?.rcode == ResponseCode.noError)
        #expect(server.record.queries.first?.message.questions.first?.type == type)
    }
}
