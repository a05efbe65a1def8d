/// Whom an operator wants asked: the server at an address, or the one that a name stands for.
public enum UpstreamTarget: Hashable, Sendable, CustomStringConvertible {
    case server(UpstreamServer)
    /// Its addresses are to be looked up.
    case host(UpstreamHost)

    /// The host, if it is known by its name.
    public var host: UpstreamHost? {
        if case .host(let host) = self { host } else { nil }
    }

    /// As an operator writes it: `192.0.2.1:853#dns.example` or `dns.example:853`.
    public var description: String {
        switch self {
        case .server(let server): server.description
        case .host(let host): host.description
        }
    }
}

/// A server that is known by its name, which its certificate must carry.
public struct UpstreamHost: Hashable, Sendable, CustomStringConvertible {
    public let name: ServerName
    public let port: UInt16
    public let pins: [PublicKeyPin]

    public init(name: ServerName, port: UInt16, pins: [PublicKeyPin] = []) {
        self.name = name
        self.port = port
        self.pins = pins
    }

    /// As an operator writes it: `dns.example:853`.
    public var description: String { "\(name):\(port)" }

    /// The server that this is at one of its addresses.
    public func server(at address: IPAddress) -> UpstreamServer {
        UpstreamServer(
            endpoint: Endpoint(address: address, port: port), name: name, pins: pins)
    }
}
