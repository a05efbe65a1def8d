import NetAddress
import TestServers
import Testing

/// Who is trusted with a query: nobody whose certificate is not the right one.
@Suite struct VerificationTests {
    /// An upstream that must not be asked anything.
    struct Impostor: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Part of the explanation that the client gets.
        let words: String
        var certificate: @Sendable (inout CertificateRequest) -> Void = { _ in }
        var options = DoTServerOptions()
        /// What stands behind the address in the configuration.
        var identity: @Sendable (Credentials) -> String = { _ in "#dot.example" }
        var isOfAnotherAuthority = false
    }

    static let impostors = [
        Impostor(testDescription: "expired", words: "certificate expired on 2") {
            ($0.validFromSeconds, $0.validUntilSeconds) = (-172_800, -86_400)
        },
        Impostor(testDescription: "not yet valid", words: "certificate not valid before 2") {
            ($0.validFromSeconds, $0.validUntilSeconds) = (86_400, 172_800)
        },
        Impostor(testDescription: "self-signed", words: "certificate is self-signed") {
            $0.isSelfSigned = true
        },
        Impostor(testDescription: "other name", words: "name is wrong.test, wanted dot.example") {
            $0.names = ["wrong.test"]
            $0.addresses = []
        },
        Impostor(testDescription: "common name only", words: "no subject alternative name") {
            ($0.commonName, $0.names, $0.addresses) = ("dot.example", [], [])
        },
        Impostor(testDescription: "for clients only", words: "not meant for a TLS server") {
            $0.purpose = .client
        },
        Impostor(testDescription: "RSA of 1024 bits", words: "too weak") { $0.key = .rsa1024 },
        Impostor(testDescription: "an authority's own", words: "that of an authority") {
            $0.isAuthority = true
        },
        Impostor(testDescription: "revoked", words: "certificate is revoked") {
            $0.status = .revoked
        },
        Impostor(testDescription: "no status though it promises one", words: "revocation status") {
            $0.mustStaple = true
        },
        Impostor(
            testDescription: "unknown authority", words: "unknown issuer",
            isOfAnotherAuthority: true),
        Impostor(
            testDescription: "another key than the pinned one", words: "pin mismatch",
            identity: { _ in " pin-sha256=\(Impostor.otherPin)" }),
        Impostor(
            testDescription: "right name, another key", words: "pin mismatch",
            identity: { _ in "#dot.example pin-sha256=\(Impostor.otherPin)" }),
        Impostor(
            testDescription: "right key, another name", words: "wanted other.test",
            identity: { "#other.test pin-sha256=\($0.pin)" }),
        Impostor(
            testDescription: "no name given, another address", words: "wanted 127.0.0.1",
            certificate: { $0.addresses = [IPAddress(v4: 0xc000_0201)] }, identity: { _ in "" }),
        Impostor(
            testDescription: "TLS 1.1 only", words: "no TLS version, cipher or key exchange",
            options: DoTServerOptions().with {
                $0.priority = FaultMode.tls11.priority ?? $0.priority
            }),
        Impostor(
            testDescription: "another protocol", words: "ALPN",
            options: DoTServerOptions().with { $0.alpn = .forges("foo") }),
        Impostor(
            testDescription: "insists on another protocol", words: "ALPN",
            options: DoTServerOptions().with { $0.alpn = .requires("h2") }),
    ]

    @Test(arguments: impostors)
    func noQueryLeavesFor(_ impostor: Impostor) throws {
        let authority =
            try impostor.isOfAnotherAuthority
            ? CertificateAuthority(commonName: "somebody else") : Fixture.authority.get()
        let credentials = try authority.issue(
            CertificateRequest(names: ["dot.example"], addresses: [.loopback])
                .with(impostor.certificate))
        let server = try DoTServer(credentials: credentials, options: impostor.options)
        let daemon = try RunningDaemon(
            Fixture.configuration(["\(server.endpoint)\(impostor.identity(credentials))"]))
        for _ in 0..<3 {
            let reply = try daemon.client.udp(PlainQuery("www.example", edns: TestEDNS()))
            let error = reply?.message?.edns?.extendedError
            #expect(reply?.rcode == ResponseCode.serverFailure)
            #expect(error?.code == 23)
            #expect(error?.text.contains(impostor.words) == true, "\(error?.text ?? "no text")")
        }
        #expect(daemon.wait(for: impostor.words), "\(daemon.status)")
        daemon.stop()
        #expect(server.record.queriesReceived == 0)
        #expect(server.record.connectionsAccepted >= 1)
    }

    /// An upstream that may be asked.
    struct Server: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var certificate: @Sendable (inout CertificateRequest) -> Void = { _ in }
        var options = DoTServerOptions()
        var identity: @Sendable (Credentials) -> String = { _ in "#dot.example" }
    }

    static let servers = [
        Server(
            testDescription: "one of several names",
            certificate: {
                $0.names = ["a.test", "dot.example"]
            }),
        Server(
            testDescription: "wildcard", certificate: { $0.names = ["*.dot.example"] },
            identity: { _ in "#one.dot.example" }),
        Server(
            testDescription: "address", certificate: { $0.names = [] }, identity: { _ in "" }),
        Server(
            testDescription: "pin, whatever the name",
            certificate: {
                ($0.names, $0.addresses, $0.isSelfSigned) = (["wrong.test"], [], true)
            }, identity: { " pin-sha256=\($0.pin)" }),
        Server(
            testDescription: "one of several pins",
            identity: {
                "#dot.example pin-sha256=\(Impostor.otherPin) pin-sha256=\($0.pin)"
            }),
        Server(
            testDescription: "TLS 1.2",
            options: DoTServerOptions().with {
                $0.priority = FaultMode.tls12.priority ?? $0.priority
            }),
        Server(testDescription: "no ALPN", options: DoTServerOptions().with { $0.alpn = .none }),
    ]

    @Test(arguments: servers)
    func asks(_ expected: Server) throws {
        let credentials = try Fixture.authority.get().issue(
            CertificateRequest(names: ["dot.example"], addresses: [.loopback])
                .with(expected.certificate))
        let server = try DoTServer(credentials: credentials, options: expected.options)
        let daemon = try RunningDaemon(
            Fixture.configuration(["\(server.endpoint)\(expected.identity(credentials))"]))
        let reply = try daemon.client.udp(PlainQuery("www.example", edns: TestEDNS()))
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.record.queriesReceived == 1)
    }

    @Test func minimumVersionIsKept() throws {
        let server = try Fixture.server(.tls12)
        let text = try Fixture.configuration([server]).replacing(
            "[TLS]", with: "[TLS]\nMinimumVersion=1.3")
        let daemon = try RunningDaemon(text)
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.rcode == ResponseCode.serverFailure)
        #expect(server.record.queriesReceived == 0)
    }
}

extension VerificationTests.Impostor {
    /// The pin of a key that nobody has.
    static let otherPin = String(repeating: "A", count: 43) + "="
}
