public import NetAddress
public import Upstream

/// A connection that was given up here, and not by the transport.
public struct Abort: Equatable, Sendable {
    public let target: UpstreamTarget
    public let server: UpstreamServer
    public let failure: UpstreamFailure
    /// The reason in words, for the log.
    public let reason: String
}
