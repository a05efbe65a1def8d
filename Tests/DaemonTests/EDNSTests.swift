import NetAddress
import TestServers
import Testing

/// What goes upstream beside the question, and what comes back of it.
@Suite struct EDNSTests {
    /// What a client may say that matters upstream.
    static let combinations: [(flags: UInt16, dnssecOK: Bool)] = [
        (0x0100, false), (0x0110, false), (0x0120, false), (0x0130, true), (0x0100, true),
    ]

    @Test(arguments: combinations)
    func carriesTheFlagsThatMatter(_ wish: (flags: UInt16, dnssecOK: Bool)) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let query = PlainQuery(
            "ad.www.example", edns: TestEDNS(dnssecOK: wish.dnssecOK)
        ).with { $0.flags = wish.flags }
        let reply = try daemon.client.udp(query)
        let sent = try #require(server.record.queries.first).message
        // The server is always asked for AD: the answer may be for others as well.
        #expect(sent.flags == wish.flags | 0x0020)
        #expect(sent.edns?.dnssecOK == wish.dnssecOK)
        #expect(reply?.message?.edns?.dnssecOK == wish.dnssecOK)
        #expect(reply?.message?.checkingDisabled == (wish.flags & 0x0010 != 0))
        // AD is for those who ask for it, by AD or by DO (RFC 6840 section 5.8).
        let wantsAD = wish.dnssecOK || wish.flags & 0x0020 != 0
        #expect(reply?.message?.isAuthenticData == wantsAD)
    }

    @Test func ignoresAndClearsFlagsThatMeanNothing() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        // AA, TC, RA, Z and an RCODE in a query.
        let query = PlainQuery("www.example").with { $0.flags = 0x07c5 }
        let reply = try daemon.client.udp(query)
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.record.queries.first?.message.flags == 0x0120)
        #expect(reply?.message?.flags == 0x8180)
    }

    @Test func padsEveryQueryAndAsksForKeepaliveOnce() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        for label in [1, 20, 60] {
            let name = TestName(String(repeating: "a", count: label) + ".example")
            #expect(try daemon.client.udp(name) != nil)
        }
        let sent = server.record.queries.map(\.message)
        #expect(sent.map { $0.bytes.count % 128 } == [0, 0, 0])
        #expect(sent.map { $0.edns?.option(OptionCode.padding) != nil } == [true, true, true])
        #expect(
            sent.map { $0.edns?.option(OptionCode.keepalive) != nil } == [true, false, false])
        #expect(sent.first?.edns?.option(OptionCode.keepalive) == [])
    }

    @Test func tellsNothingOfTheClient() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let options: [TestEDNS.Option] = [
            .init(code: OptionCode.clientSubnet, data: [0, 1, 24, 0, 192, 0, 2]),
            .init(code: OptionCode.cookie, data: [1, 2, 3, 4, 5, 6, 7, 8]),
            .init(code: 65_001, data: [9]),
        ]
        let reply = try daemon.client.udp(
            PlainQuery("www.example", id: 0x1234, edns: TestEDNS(options: options)))
        #expect(reply?.message?.edns?.options == [])
        let sent = try #require(server.record.queries.first).message
        let codes = sent.edns?.options.map(\.code)
        #expect(codes == [OptionCode.keepalive, OptionCode.padding])
    }

    @Test func addsEDNSOnlyForThoseWhoSentIt() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let without = try daemon.client.udp("www.example")
        #expect(without?.message?.edns == nil)
        #expect(without?.message?.counts == [1, 1, 0, 0])
        let with = try daemon.client.udp(PlainQuery("www.example", edns: TestEDNS()))
        #expect(with?.message?.edns?.options == [])
        #expect(with?.message?.edns?.payloadSize == 1232)
    }

    @Test func tellsTheIdleTimeoutOverTCPOnly() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(
            asking: server, sections: "[Listen]\nTCPIdleTimeout=7s")
        let query = PlainQuery(
            "www.example",
            edns: TestEDNS(options: [.init(code: OptionCode.keepalive, data: [])]))
        let overTCP = try daemon.client.tcp(query)
        #expect(overTCP?.message?.edns?.option(OptionCode.keepalive) == [0, 70])
        let overUDP = try daemon.client.udp(query)
        #expect(overUDP?.message?.edns?.options == [])
    }
}
