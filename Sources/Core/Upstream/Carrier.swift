/// What takes queries to a server and its answers back.
public enum Carrier: UInt8, Sendable, BitwiseCopyable {
    /// A TLS session over TCP.
    case tls
    /// UDP: each query leaves from a port of its own, and may be lost.
    case datagram
    /// TCP in the clear.
    case stream
}
