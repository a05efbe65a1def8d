import CGnuTLS
import Glibc
import NetAddress
import TLS
import TestServers
import Testing

@Suite struct PeerVerificationTests {
    // What is accepted.

    @Test func acceptsTheName() throws {
        let link = try Fixture.link()
        #expect(link.handshake() == .done(0))
        #expect(link.server.isEstablished)
        #expect(link.server.serverName == "dns.example")
        #expect(link.properties?.verifiedBy.description == "name dns.example")
    }

    @Test func acceptsAWildcardOfOneLabel() throws {
        let certificate = try Fixture.certificate(names: ["*.Example"])
        // Two labels must follow the asterisk.
        try refuses(certificate, "certificate-name-mismatch")
        let deeper = try Fixture.certificate(names: ["*.DNS.example"])
        let link = try Fixture.link(Fixture.server("a.dns.example"), presents: deeper)
        #expect(link.handshake() == .done(0))
        try refuses(deeper, "certificate-name-mismatch", server: Fixture.server("a.b.dns.example"))
    }

    @Test func acceptsTheAddressWhereThereIsNoName() throws {
        let certificate = try Fixture.certificate(names: []) { $0.addresses = [Fixture.address] }
        let link = try Fixture.link(Fixture.server(nil), presents: certificate)
        #expect(link.handshake() == .done(0))
        #expect(link.server.serverName == nil)
        #expect(link.properties?.verifiedBy == .address(Fixture.address))
    }

    @Test func acceptsAnAddressOfVersion6() throws {
        let address = try #require(IPAddress("2001:db8::53"))
        let certificate = try Fixture.certificate(names: []) { $0.addresses = [address] }
        let server = UpstreamServer(
            endpoint: Endpoint(address: address, port: 853), name: nil)
        let link = try Fixture.link(server, presents: certificate)
        #expect(link.handshake() == .done(0))
    }

    @Test func acceptsAChainWithAnIntermediate() throws {
        let intermediate = try Fixture.authority.get().intermediate()
        let certificate = try intermediate.issue(CertificateRequest(names: ["dns.example"]))
        let link = try Fixture.link(presents: certificate)
        #expect(link.handshake() == .done(0))
    }

    @Test func acceptsAPinAloneWhateverElseTheCertificateSays() throws {
        let certificate = try Fixture.certificate(names: ["other.example"]) {
            $0.isSelfSigned = true
            $0.validUntilSeconds = -60
            $0.purpose = .client
        }
        let server = Fixture.server(nil, pins: [certificate.pin])
        let link = try Fixture.link(server, presents: certificate)
        #expect(link.handshake() == .done(0))
        #expect(link.properties?.verifiedBy == .pin(certificate.pin))
    }

    @Test func acceptsANameWithOneOfThePins() throws {
        let certificate = try Fixture.certificate()
        let other = try Fixture.certificate()
        let server = Fixture.server(pins: [other.pin, certificate.pin])
        let link = try Fixture.link(server, presents: certificate)
        #expect(link.handshake() == .done(0))
        let name = try #require(ServerName("dns.example"))
        #expect(link.properties?.verifiedBy == .nameAndPin(name, certificate.pin))
    }

    @Test(arguments: [false, true])
    func acceptsAStapledStatusThatIsGood(mustStaple: Bool) throws {
        let certificate = try Fixture.certificate {
            ($0.status, $0.mustStaple) = (.good, mustStaple)
        }
        let link = try Fixture.link(presents: certificate)
        #expect(link.handshake() == .done(0))
    }

    @Test func acceptsTheGoodStatusThatAnIntermediateHasSigned() throws {
        let request = CertificateRequest(names: ["dns.example"]).with { $0.status = .good }
        let certificate = try Fixture.authority.get().intermediate().issue(request)
        let link = try Fixture.link(presents: certificate)
        #expect(link.handshake() == .done(0))
    }

    // What is refused.

    @Test func refusesAnotherName() throws {
        let link = try refuses(
            Fixture.certificate(names: ["a.example", "b.example"]), "certificate-name-mismatch")
        #expect(
            link.failure?.description
                == "name is a.example, b.example, wanted dns.example")
    }

    @Test func refusesTheCommonNameAlone() throws {
        let certificate = try Fixture.certificate(names: []) { $0.commonName = "dns.example" }
        let link = try refuses(certificate, "certificate-name-mismatch")
        #expect(
            link.failure?.description
                == "certificate has no subject alternative name, wanted dns.example")
    }

    @Test func refusesTheCommonNameBesideAnAddress() throws {
        let certificate = try Fixture.certificate(names: []) {
            $0.commonName = "dns.example"
            $0.addresses = [Fixture.address]
        }
        try refuses(certificate, "certificate-name-mismatch")
    }

    @Test func refusesAnAddressWrittenAsAName() throws {
        let certificate = try Fixture.certificate(names: ["192.0.2.1"]) {
            $0.commonName = "192.0.2.1"
        }
        try refuses(certificate, "certificate-name-mismatch", server: Fixture.server(nil))
    }

    @Test func refusesAnotherAddress() throws {
        let certificate = try Fixture.certificate { $0.addresses = [IPAddress(v4: 0xc000_0202)] }
        let link = try refuses(
            certificate, "certificate-name-mismatch", server: Fixture.server(nil))
        #expect(
            link.failure?.description
                == "name is dns.example, 192.0.2.2, wanted 192.0.2.1")
    }

    @Test func refusesTheRightNameWhereTheAddressWasMeant() throws {
        try refuses(Fixture.certificate(), "certificate-name-mismatch", server: Fixture.server(nil))
    }

    @Test func refusesAnExpiredCertificate() throws {
        let certificate = try Fixture.certificate { $0.validUntilSeconds = -60 }
        let link = try refuses(certificate, "certificate-expired", alert: 45)
        let words = link.failure?.description ?? ""
        #expect(words.hasPrefix("certificate expired on 20"))
        #expect(words.count == "certificate expired on 2026-01-02".count)
    }

    @Test func refusesACertificateBeforeItsTime() throws {
        let certificate = try Fixture.certificate { $0.validFromSeconds = 3600 }
        let link = try refuses(certificate, "certificate-not-yet-valid", alert: 45)
        #expect(link.failure?.description.hasPrefix("certificate not valid before 20") == true)
    }

    @Test func refusesASelfSignedCertificate() throws {
        let certificate = try Fixture.certificate { $0.isSelfSigned = true }
        try refuses(certificate, "certificate-self-signed", alert: 48)
    }

    @Test func refusesAnUnknownAuthority() throws {
        let stranger = try CertificateAuthority(commonName: "stranger")
        let certificate = try stranger.issue(CertificateRequest(names: ["dns.example"]))
        let link = try refuses(certificate, "certificate-unknown-issuer", alert: 48)
        #expect(link.failure?.description == "unknown issuer: CN=stranger")
    }

    @Test func refusesACertificateForClients() throws {
        let certificate = try Fixture.certificate { $0.purpose = .client }
        try refuses(certificate, "certificate-wrong-purpose", alert: 43)
    }

    @Test(arguments: [CertificateRequest.Key.rsa1024, .p192])
    func refusesAWeakKey(_ key: CertificateRequest.Key) throws {
        let certificate = try Fixture.certificate { $0.key = key }
        let link = try Fixture.link(presents: certificate)
        #expect(link.handshake() == .failed)
        // GnuTLS may find no signature scheme for the weaker curve before it sees a certificate.
        let code = link.failure?.code
        #expect(code == "certificate-weak" || (key == .p192 && code == "tls-alert"))
        expectSilence(link)
    }

    @Test func refusesAWeakKeyThatIsPinned() throws {
        let certificate = try Fixture.certificate { $0.key = .rsa1024 }
        try refuses(
            certificate, "certificate-weak", server: Fixture.server(nil, pins: [certificate.pin]))
    }

    @Test func refusesASignatureWithSHA1() throws {
        let certificate = try Fixture.certificate { $0.digest = .sha1 }
        try refuses(certificate, "certificate-weak")
    }

    @Test func refusesTheCertificateOfAnAuthority() throws {
        let certificate = try Fixture.certificate { $0.isAuthority = true }
        try refuses(certificate, "certificate-is-authority", alert: 43)
    }

    @Test func refusesVersion1() throws {
        let certificate = try Fixture.certificate { $0.isVersion1 = true }
        let link = try Fixture.link(presents: certificate)
        #expect(link.handshake() == .failed)
        expectSilence(link)
    }

    @Test func refusesAMissingRevocationStatus() throws {
        let certificate = try Fixture.certificate { $0.mustStaple = true }
        try refuses(certificate, "certificate-bad-status")
    }

    @Test(arguments: [
        (RevocationStatus.revoked, "certificate-revoked"), (.goodOnce, "certificate-bad-status"),
        (.forged, "certificate-bad-status"),
    ])
    func refusesWhatTheStapledStatusSays(_ status: RevocationStatus, _ code: String) throws {
        for mustStaple in [false, true] {
            let certificate = try Fixture.certificate {
                ($0.status, $0.mustStaple) = (status, mustStaple)
            }
            try refuses(certificate, code)
        }
    }

    @Test func refusesTheStatusOfAnotherCertificate() throws {
        let own = try Fixture.certificate()
        let stapled = try Fixture.certificate { $0.status = .good }.staple
        try refuses(own.stapling(stapled), "certificate-bad-status")
    }

    @Test func refusesAnotherKeyThanThePinned() throws {
        let certificate = try Fixture.certificate()
        let other = try Fixture.certificate()
        for name in ["dns.example", nil] {
            let link = try refuses(
                certificate, "certificate-pin-mismatch",
                server: Fixture.server(name, pins: [other.pin]))
            #expect(
                link.failure?.description
                    == "pin mismatch: the server's key is pin-sha256=\(certificate.pin)")
        }
    }

    @Test func refusesAnotherNameThoughThePinIsRight() throws {
        let certificate = try Fixture.certificate(names: ["other.example"])
        try refuses(
            certificate, "certificate-name-mismatch",
            server: Fixture.server(pins: [certificate.pin]))
    }

    @Test func refusesAPinnedCertificateThatOnlyStandsInTheChain() throws {
        let pinned = try Fixture.certificate()
        let own = try Fixture.certificate()
        var options = ServerPeer.Options()
        options.appended = pinned.certificatePEM
        for name in ["dns.example", nil] {
            let server = Fixture.server(name, pins: [pinned.pin])
            let link = try Fixture.link(server, presents: own, options: options)
            #expect(link.handshake() == .failed)
            #expect(link.failure?.code == "certificate-pin-mismatch")
            expectSilence(link)
        }
    }

    @Test func refusesAChainBeyondAnySize() throws {
        let label = String(repeating: "a", count: 60)
        let names = (0..<60).map { "\($0).\(label).\(label).\(label).example" }
        let large = try Fixture.certificate(names: names)
        var options = ServerPeer.Options()
        options.appended = Array(
            [large.certificatePEM, large.certificatePEM, large.certificatePEM].joined())
        let link = try Fixture.link(options: options)
        #expect(link.handshake() == .failed)
        #expect(link.failure?.kind == .protocolError(GNUTLS_E_HANDSHAKE_TOO_LARGE))
        expectSilence(link)
    }

    @Test func refusesAChainOfManyAtNoCost() throws {
        let stranger = try Fixture.certificate(names: ["other.example"])
        var options = ServerPeer.Options()
        // Twelve, as many as GnuTLS takes from its own server.
        options.appended = Array(repeatElement(stranger.certificatePEM, count: 11).joined())
        let link = try Fixture.link(options: options)
        let start = Self.processorTime(since: .zero)
        let step = link.handshake()
        #expect(Self.processorTime(since: start) < .milliseconds(100))
        #expect(step == .failed)
        #expect(link.failure?.code == "certificate-refused")
        expectSilence(link)
    }

    /// Names in the chain that have to be compared with each other: as many as fit its size.
    @Test(arguments: [false, true])
    func comparesManyNamesWithManyConstraintsAtLittleCost(areExcluded: Bool) throws {
        let authority = try Fixture.authority.get().intermediate(
            constraints: (0..<500).map { "n\($0).example" } + (areExcluded ? [] : ["dns.example"]),
            areExcluded: areExcluded)
        let names = ["dns.example"] + (0..<700).map { "x\($0).dns.example" }
        let certificate = try authority.issue(CertificateRequest(names: names))
        let link = try Fixture.link(presents: certificate)
        let start = Self.processorTime(since: .zero)
        let step = link.handshake()
        #expect(Self.processorTime(since: start) < .milliseconds(100))
        #expect(step == .done(0), "\(link.failure?.description ?? "")")
    }

    /// What this thread has used of the processor, the server's share included.
    private static func processorTime(since start: Interval) -> Interval {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        let all = UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
        return Interval(microseconds: all - start.microseconds)
    }

    @Test func tellsOfManyNamesInAFewWords() throws {
        let names = (1...9).map { "n\($0).example" }
        let link = try refuses(Fixture.certificate(names: names), "certificate-name-mismatch")
        #expect(
            link.failure?.description
                == "name is n1.example, n2.example, n3.example, n4.example, and 5 more, "
                + "wanted dns.example")
    }

    /// Expects a refusal with a stable code, an alert for the server, and not one octet of a query.
    @discardableResult
    private func refuses(
        _ certificate: @autoclosure () throws -> Credentials, _ code: String,
        server: UpstreamServer = Fixture.server(), alert: Int? = nil,
        at location: SourceLocation = #_sourceLocation
    ) throws -> Link {
        for priority in ["NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2"] {
            var options = ServerPeer.Options()
            options.priority = priority + ":%VERIFY_ALLOW_SIGN_WITH_SHA1"
            let link = try Fixture.link(server, presents: certificate(), options: options)
            #expect(link.handshake() == .failed, sourceLocation: location)
            #expect(link.failure?.code == code, sourceLocation: location)
            expectSilence(link, at: location)
            if let alert { #expect(link.server.alert == alert, sourceLocation: location) }
        }
        let link = try Fixture.link(server, presents: certificate())
        #expect(link.handshake() == .failed, sourceLocation: location)
        #expect(link.failure?.code == code, sourceLocation: location)
        return link
    }

    private func expectSilence(_ link: Link, at location: SourceLocation = #_sourceLocation) {
        #expect(link.send([1, 2, 3]) == .failed, sourceLocation: location)
        link.server.advance()
        #expect(!link.server.isEstablished, sourceLocation: location)
        #expect(link.server.received.isEmpty, sourceLocation: location)
        #expect(link.properties == nil, sourceLocation: location)
    }
}
