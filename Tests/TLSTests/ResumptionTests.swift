import NetAddress
import TestServers
import Testing

@testable import TLS

@Suite struct ResumptionTests {
    static let priorities = ["NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2"]

    @Test func nothingIsSentBeforeTheHandshakeIsOver() throws {
        var acquaintance = try Acquaintance(Self.priorities[0])
        acquaintance.options.takesEarlyData = true
        let ticket = try acquaintance.ticket()
        let link = try acquaintance.meet(ticket)
        #expect(link.handshake() == .done(0))
        #expect(link.server.isResumed)
        #expect(!link.server.hasEarlyData)
        #expect(link.server.received.isEmpty)
    }

    /// A server that can be met again: the same certificate and the same key for its tickets.
    private struct Acquaintance {
        var certificate: Credentials
        var options = ServerPeer.Options()
        var server = Fixture.server()
        var context: TLSContext

        init(_ priority: String, _ certificate: Credentials? = nil) throws {
            self.certificate = try certificate ?? Fixture.certificate()
            context = try Fixture.context()
            options.priority = priority
            options.ticketKey = ServerPeer.TicketKey()
        }

        func meet(_ ticket: SessionTicket? = nil) throws -> Link {
            try Link(
                server, context: context, presents: certificate, options: options, ticket: ticket)
        }

        /// The ticket of a full handshake.
        func ticket() throws -> SessionTicket {
            let link = try meet()
            #expect(link.handshake() == .done(0))
            #expect(link.properties?.isResumed == false)
            #expect(link.server.send([1]))
            let ticket = try #require(link.client.takeTicket() ?? link.drain().ticket)
            #expect(link.client.takeTicket() == nil)
            return ticket
        }

        /// Whether a meeting with `ticket` is a resumed one; it must work in any case.
        func resumes(_ ticket: SessionTicket?) throws -> Bool {
            let link = try meet(ticket)
            #expect(link.handshake() == .done(0))
            let isResumed = link.properties?.isResumed == true
            #expect(link.server.isResumed == isResumed)
            return isResumed
        }
    }

    @Test(arguments: priorities)
    func resumes(_ priority: String) throws {
        let server = try Acquaintance(priority)
        let link = try server.meet(server.ticket())
        #expect(link.handshake() == .done(0))
        let properties = try #require(link.properties)
        #expect(properties.isResumed)
        #expect(link.server.isResumed)
        #expect(properties.verifiedBy.description == "name dns.example")
        #expect(properties.certificateEnd == Int64(server.certificate.notAfter))
        #expect(link.send([1, 2]) == .done(2))
        link.server.advance()
        #expect(link.server.received == [1, 2])
    }

    @Test(arguments: priorities)
    func resumesWhereARevocationStatusIsDemanded(_ priority: String) throws {
        let certificate = try Fixture.certificate { ($0.status, $0.mustStaple) = (.good, true) }
        let server = try Acquaintance(priority, certificate)
        #expect(try server.resumes(server.ticket()))
    }

    @Test(arguments: priorities)
    func resumesAgainAndAgain(_ priority: String) throws {
        let server = try Acquaintance(priority)
        var ticket = try server.ticket()
        for _ in 0..<3 {
            let link = try server.meet(ticket)
            #expect(link.handshake() == .done(0))
            #expect(link.server.isResumed)
            #expect(link.server.send([1]))
            // A TLS 1.2 server need not give a new ticket for the old one, which then comes back.
            ticket = try #require(link.client.takeTicket() ?? link.drain().ticket)
            #expect(link.client.takeTicket() == nil)
        }
    }

    @Test(arguments: priorities)
    func aPinnedKeyResumesToo(_ priority: String) throws {
        let certificate = try Fixture.certificate { $0.validUntilSeconds = -60 }
        var server = try Acquaintance(priority, certificate)
        server.server = Fixture.server(nil, pins: [certificate.pin])
        #expect(try server.resumes(server.ticket()))
    }

    @Test(arguments: priorities)
    func aServerThatLostItsKeyGetsAFullHandshake(_ priority: String) throws {
        var server = try Acquaintance(priority)
        let ticket = try server.ticket()
        server.options.ticketKey = ServerPeer.TicketKey()
        #expect(try !server.resumes(ticket))
    }

    @Test(arguments: priorities)
    func aTicketOfAnotherServerIsLeftAside(_ priority: String) throws {
        let certificate = try Fixture.certificate(names: ["dns.example", "two.example"]) {
            $0.addresses = [Fixture.address]
        }
        var server = try Acquaintance(priority, certificate)
        let ticket = try server.ticket()
        #expect(try server.resumes(ticket))
        let others = [
            Fixture.server("two.example"), Fixture.server(nil),
            Fixture.server(pins: [certificate.pin]), Fixture.server(nil, pins: [certificate.pin]),
            UpstreamServer(
                endpoint: Endpoint(address: Fixture.address, port: 8853),
                name: ServerName("dns.example")),
        ]
        for other in others {
            server.server = other
            #expect(try !server.resumes(ticket))
        }
    }

    @Test(arguments: priorities)
    func aTicketOfOtherAuthoritiesIsLeftAside(_ priority: String) throws {
        var server = try Acquaintance(priority)
        let ticket = try server.ticket()
        let stranger = try CertificateAuthority(commonName: "stranger")
        server.context = try TLSContext(
            trust: .file(path: stranger.pemFile), minimumVersion: .v12)
        let link = try server.meet(ticket)
        #expect(link.handshake() == .failed)
        #expect(link.failure?.code == "certificate-unknown-issuer")
    }

    @Test func aTicketOfALowerVersionIsLeftAside() throws {
        var server = try Acquaintance(Self.priorities[0])
        let ticket = try server.ticket()
        server.context = try Fixture.context(minimum: .v13)
        #expect(try !server.resumes(ticket))
    }

    /// Even with a ticket that lies about its origin, the certificate is checked again.
    @Test(arguments: priorities)
    func aForgedIdentityDoesNotHelp(_ priority: String) throws {
        var server = try Acquaintance(priority)
        let honest = try server.ticket()
        server.server = Fixture.server("other.example")
        let forged = SessionTicket(
            data: honest.data,
            identity: TicketIdentity(server: server.server, context: server.context),
            notAfter: honest.notAfter)
        let link = try server.meet(forged)
        #expect(link.handshake() == .failed)
        #expect(link.failure?.code == "certificate-name-mismatch")
        #expect(link.send([1]) == .failed)
        link.server.advance()
        #expect(link.server.received.isEmpty)
    }

    @Test(arguments: priorities)
    func aTicketPastItsTimeIsLeftAside(_ priority: String) throws {
        let server = try Acquaintance(priority)
        let ticket = try server.ticket()
        let old = SessionTicket(
            data: ticket.data, identity: ticket.identity, notAfter: secondsSinceEpoch() - 1)
        #expect(try !server.resumes(old))
    }

    @Test(arguments: priorities)
    func aDamagedTicketResumesNothing(_ priority: String) throws {
        let server = try Acquaintance(priority)
        let ticket = try server.ticket()
        for data in [[], [0], Array(ticket.data.dropLast(7)), Array(ticket.data.reversed())] {
            let damaged = SessionTicket(
                data: data, identity: ticket.identity, notAfter: ticket.notAfter)
            let link = try server.meet(damaged)
            // GnuTLS does not see every damage, but then the handshake comes to nothing.
            #expect([.done(0), .failed].contains(link.handshake()))
            #expect(link.properties?.isResumed != true)
        }
    }

    @Test(arguments: priorities)
    func aTicketEndsWithTheCertificate(_ priority: String) throws {
        let certificate = try Fixture.certificate { $0.validUntilSeconds = 600 }
        let server = try Acquaintance(priority, certificate)
        #expect(try server.ticket().notAfter == Int64(certificate.notAfter))
    }
}
