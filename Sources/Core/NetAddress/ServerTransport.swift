/// How a server is spoken to.
public enum ServerTransport: String, CaseIterable, Sendable {
    /// DNS over TLS (RFC 7858).
    case tls
    /// In the clear: UDP, and TCP for what does not fit.
    case plain
}
