/// How an upstream or a connection to it failed; docs/upstreams.md says what follows from each.
public enum UpstreamFailure: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// Nothing listens there.
    case refused
    /// No address is known for its name.
    case unresolved
    /// No route, no network, no permission.
    case unreachable
    /// TCP or TLS took longer than the handshake may.
    case timedOut
    /// It took the connection and ended it before it had said anything.
    case cutOff
    /// The peer speaks no TLS that we accept.
    case handshake
    /// The certificate is not that of the server that was meant.
    case verification
    /// It took queries and then said nothing for long.
    case silent
    /// Closed or reset.
    case closed
    /// It sent what cannot be an answer to what was asked.
    case misbehaved
    /// We closed it: idle, retired, or no longer configured. Never held against the upstream.
    case released
}
