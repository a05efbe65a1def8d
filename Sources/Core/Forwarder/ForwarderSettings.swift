public import NetAddress

/// What an operator can set about forwarding.
public struct ForwarderSettings: Equatable, Sendable {
    /// How long a query may take before it is answered SERVFAIL.
    public var timeout: Interval
    /// Queries to upstreams are padded to a multiple of this (RFC 8467).
    public var paddingBlock: Int
    /// The largest UDP answer sent, whatever the client announces.
    public var maximumUDPSize: Int
    /// The idle timeout told to TCP clients that ask (RFC 7828).
    public var streamIdleTimeout: Interval
    /// The addresses that queries are received on, from which none can come.
    public var ownEndpoints: [Endpoint]
    /// Whether addresses of upstreams are looked up here; one worker does so for all.
    public var looksUpAddresses = true

    public init(
        timeout: Interval = .milliseconds(4500), paddingBlock: Int = 128,
        maximumUDPSize: Int = 1232, streamIdleTimeout: Interval = .seconds(10),
        ownEndpoints: [Endpoint] = []
    ) {
        self.timeout = timeout
        self.paddingBlock = paddingBlock
        self.maximumUDPSize = maximumUDPSize
        self.streamIdleTimeout = streamIdleTimeout
        self.ownEndpoints = ownEndpoints
    }
}
