import NetAddress
import TLS
import TestServers

/// One authority for all tests, and what is made with it.
enum Fixture {
    static let authority = Result { try CertificateAuthority() }
    static let address = IPAddress(v4: 0xc000_0201)
    static let endpoint = Endpoint(address: address, port: 853)

    static func server(_ name: String? = "dns.example", pins: [PublicKeyPin] = []) -> UpstreamServer
    {
        UpstreamServer(endpoint: endpoint, name: name.flatMap { ServerName($0) }, pins: pins)
    }

    static func context(minimum: TLSVersion = .v12) throws -> TLSContext {
        try TLSContext(trust: .file(path: authority.get().pemFile), minimumVersion: minimum)
    }

    /// A good certificate for `dns.example`, changed as the test needs it.
    static func certificate(
        names: [String] = ["dns.example"], _ change: (inout CertificateRequest) -> Void = { _ in }
    ) throws -> Credentials {
        try authority.get().issue(CertificateRequest(names: names).with(change))
    }

    /// A link to `dns.example` whose server presents `certificate`.
    static func link(
        _ server: UpstreamServer = server(), presents certificate: Credentials? = nil,
        minimum: TLSVersion = .v12, options: ServerPeer.Options = ServerPeer.Options(),
        ticket: SessionTicket? = nil, toleratesDates: Bool = false
    ) throws -> Link {
        try Link(
            server, context: context(minimum: minimum),
            presents: certificate ?? Self.certificate(), options: options, ticket: ticket,
            toleratesDates: toleratesDates)
    }
}
