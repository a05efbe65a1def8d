import NetAddress
import TLS
import TestServers
import Testing

/// Certificates whose dates are not to count.
@Suite struct ToleratedDatesTests {
    @Test(arguments: [
        (-172_800, -86_400, "certificate-expired"), (86_400, 172_800, "certificate-not-yet-valid"),
    ])
    func acceptsWrongDatesAndTellsOfThem(from: Int, until: Int, code: String) throws {
        let certificate = try Fixture.certificate {
            ($0.validFromSeconds, $0.validUntilSeconds) = (from, until)
        }
        var options = ServerPeer.Options()
        options.ticketKey = ServerPeer.TicketKey()
        let link = try Fixture.link(
            presents: certificate, options: options, toleratesDates: true)
        #expect(link.handshake() == .done(0))
        #expect(link.properties?.tolerated?.code == code)
        #expect(link.server.send([1]))
        let (_, bytes, ticket) = link.drain()
        #expect(bytes == [1])
        #expect(ticket == nil)
    }

    @Test(arguments: [(0, "certificate-expired"), (86_400, "certificate-bad-status")])
    func acceptsTheWrongDatesOfARevocationStatus(until: Int, code: String) throws {
        let certificate = try Fixture.certificate {
            ($0.status, $0.validUntilSeconds) = (.goodOnce, until - 60)
        }
        let link = try Fixture.link(presents: certificate, toleratesDates: true)
        #expect(link.handshake() == .done(0))
        #expect(link.properties?.tolerated?.code == code)
    }

    @Test func rightDatesAreNotTolerated() throws {
        var options = ServerPeer.Options()
        options.ticketKey = ServerPeer.TicketKey()
        let link = try Fixture.link(options: options, toleratesDates: true)
        #expect(link.handshake() == .done(0))
        #expect(link.properties?.tolerated == nil)
        #expect(link.server.send([1]))
        #expect(link.drain().ticket != nil)
    }

    /// What is wrong beside the date.
    static let others: [@Sendable (inout CertificateRequest) -> Void] = [
        { $0.names = ["other.example"] }, { $0.isSelfSigned = true }, { $0.purpose = .client },
        { $0.key = .rsa1024 }, { $0.isAuthority = true },
        { ($0.commonName, $0.names) = ("dns.example", []) }, { $0.status = .revoked },
        { $0.status = .forged },
    ]

    @Test(arguments: others.indices)
    func refusesWhateverElseIsWrong(_ place: Int) throws {
        let certificate = try Fixture.certificate {
            ($0.validFromSeconds, $0.validUntilSeconds) = (-172_800, -86_400)
            Self.others[place](&$0)
        }
        let link = try Fixture.link(presents: certificate, toleratesDates: true)
        #expect(link.handshake() == .failed)
        #expect(link.properties == nil)
    }

    @Test func refusesAnUnknownAuthority() throws {
        let stranger = try CertificateAuthority(commonName: "somebody else")
        let certificate = try stranger.issue(
            CertificateRequest(names: ["dns.example"]).with {
                ($0.validFromSeconds, $0.validUntilSeconds) = (-172_800, -86_400)
            })
        let link = try Fixture.link(presents: certificate, toleratesDates: true)
        #expect(link.handshake() == .failed)
    }

    @Test func followsAChain() throws {
        let intermediate = try Fixture.authority.get().intermediate()
        let certificate = try intermediate.issue(
            CertificateRequest(names: ["dns.example"]).with {
                ($0.validFromSeconds, $0.validUntilSeconds) = (-172_800, -86_400)
            })
        let link = try Fixture.link(presents: certificate, toleratesDates: true)
        #expect(link.handshake() == .done(0))
    }
}
