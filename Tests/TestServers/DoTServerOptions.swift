import NetAddress

/// How a test server is set up; as it stands, as a good server would be.
public struct DoTServerOptions: Sendable {
    /// What the server says about application protocols (RFC 7301).
    public enum ALPN: Sendable, Equatable {
        /// Selects `dot` when it is offered.
        case dot
        /// Ignores the extension.
        case none
        /// Knows only another protocol and insists: `no_application_protocol`.
        case requires(String)
        /// Selects a protocol of three letters that was never offered.
        case forges(String)
    }

    /// The address to listen on, and the port; zero leaves it to the kernel.
    public var address = IPAddress(v4: 0x7f00_0001)
    public var port: UInt16 = 0
    /// GnuTLS's words for versions and ciphers.
    public var priority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
    public var alpn = ALPN.dot
    /// Whether clients get session tickets.
    public var sendsTickets = true
    /// Closes a connection that has had nothing to do for so long; never without.
    public var idleTimeout: Interval?
    /// How long a handshake may take.
    public var handshakeTimeout = Interval.seconds(10)
    /// Connections beyond so many are closed as they come.
    public var connectionLimit = 512
    /// Whether queries are kept in detail; without, only the counters run.
    public var keepsQueries = true

    public init() {}

    /// The same options with some of it changed.
    public func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// Listening on `::1`.
    public static var v6: Self {
        Self().with { $0.address = IPAddress(v6High: 0, low: 1) }
    }
}
