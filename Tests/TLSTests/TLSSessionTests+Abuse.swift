import CGnuTLS
import TLS
import TestServers
import Testing

// What a server may not do, or not for ever.
extension TLSSessionTests {
    @Test func refusesToNegotiateAgain() throws {
        let link = try Fixture.link(options: options(Self.onlyTLS12))
        #expect(link.handshake() == .done(0))
        link.server.askAgain()
        #expect(link.drain().step == .failed)
        #expect(link.failure?.kind == .protocolError(GNUTLS_E_REHANDSHAKE))
    }

    @Test func followsAKeyUpdate() throws {
        let link = try Fixture.link(options: options(Self.onlyTLS13))
        #expect(link.handshake() == .done(0))
        link.server.updateKey()
        #expect(link.server.send([7]))
        #expect(link.drain().bytes == [7])
        #expect(link.send([8]) == .done(1))
        link.server.advance()
        #expect(link.server.received == [8])
    }

    @Test func endsAFloodOfKeyUpdates() throws {
        let link = try Fixture.link(options: options(Self.onlyTLS13))
        #expect(link.handshake() == .done(0))
        for _ in 0..<200 { link.server.updateKey() }
        #expect(link.drain().step == .failed)
    }

    @Test func endsAFloodOfWarnings() throws {
        let link = try Fixture.link(options: options(Self.onlyTLS12))
        #expect(link.handshake() == .done(0))
        for _ in 0..<200 {
            link.server.sendAlert(GNUTLS_A_NO_RENEGOTIATION, GNUTLS_AL_WARNING)
        }
        #expect(link.drain().step == .failed)
    }

    @Test func passesOverAFewEmptyRecords() throws {
        let link = try Fixture.link(options: options(Self.onlyTLS13))
        #expect(link.handshake() == .done(0))
        for _ in 0..<8 { link.server.sendNothing() }
        #expect(link.server.send([7]))
        #expect(link.drain().bytes == [7])
    }

    @Test func endsAFloodOfEmptyRecords() throws {
        let link = try Fixture.link(options: options(Self.onlyTLS13))
        #expect(link.handshake() == .done(0))
        for _ in 0..<200 { link.server.sendNothing() }
        #expect(link.drain().step == .failed)
    }

    @Test(arguments: [onlyTLS12, onlyTLS13])
    func refusesARecordBeyondAnySize(_ priority: String) throws {
        let link = try Fixture.link(options: options(priority))
        #expect(link.handshake() == .done(0))
        #expect(link.drain().step == .wantsRead)
        // A header that announces 20,000 octets.
        #expect(link.server.sendRaw([23, 3, 3, 0x4e, 0x20] + pattern(20_000)))
        #expect(link.drain().step == .failed)
    }

    @Test func endsAFloodDuringTheHandshake() throws {
        let link = try Fixture.link()
        #expect(link.client.handshake() == .wantsRead)
        // The start of a ServerHello of 16 MiB, and what never ends it.
        #expect(link.server.sendRaw([22, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff]))
        var step = TLSStep.wantsRead
        for _ in 0..<64 where step == .wantsRead {
            guard link.server.sendRaw(pattern(16_384)) else { break }
            step = link.client.handshake()
        }
        #expect(step == .failed)
    }

    @Test(arguments: [onlyTLS12, onlyTLS13])
    func hasNoCertificateToShow(_ priority: String) throws {
        var options = options(priority)
        options.asksForCertificate = true
        let link = try Fixture.link(options: options)
        #expect(link.handshake() == .done(0))
        #expect(link.server.send([1]))
        #expect(link.drain().bytes == [1])
    }

    @Test func readsDataBehindTickets() throws {
        var options = options(Self.onlyTLS13)
        options.ticketKey = ServerPeer.TicketKey()
        let link = try Fixture.link(options: options)
        #expect(link.handshake() == .done(0))
        link.server.sendTickets(8)
        #expect(link.server.send([1, 2]))
        let (step, bytes, ticket) = link.drain()
        #expect(step == .wantsRead)
        #expect(bytes == [1, 2])
        #expect(ticket != nil)
    }

    @Test func endsAFloodOfTickets() throws {
        var options = options(Self.onlyTLS13)
        options.ticketKey = ServerPeer.TicketKey()
        let link = try Fixture.link(options: options)
        #expect(link.handshake() == .done(0))
        for _ in 0..<10 { link.server.sendTickets(10) }
        #expect(link.drain().step == .failed)
        #expect(link.failure?.code == "tls-protocol")
    }
}
