/// One configured server: where it is, and how it proves that it is the one that was meant.
///
/// With a `name` the certificate must carry it; without, it must carry the address, unless `pins`
/// alone are given. With `pins`, one of them must match as well (RFC 7858 section 4.2,
/// RFC 8310 section 8.1).
public struct UpstreamServer: Hashable, Sendable, CustomStringConvertible {
    public let endpoint: Endpoint
    public let name: ServerName?
    public let pins: [PublicKeyPin]
    public let transport: ServerTransport

    public init(
        endpoint: Endpoint, name: ServerName?, pins: [PublicKeyPin] = [],
        transport: ServerTransport = .tls
    ) {
        self.endpoint = endpoint
        self.name = name
        self.pins = pins
        self.transport = transport
    }

    /// As an operator writes it: `192.0.2.1:853#dns.example`.
    public var description: String {
        name.map { "\(endpoint)#\($0)" } ?? "\(endpoint)"
    }
}
