public import Collections
public import NetAddress
public import TLS

/// What is known of a connection once it is up.
public struct ConnectionReport: Sendable {
    public let server: UpstreamServer
    /// `nil` for a connection in the clear.
    public let tls: TLSProperties?
    /// How long TCP took to connect: one round trip.
    public let roundTrip: Interval
    /// How long TCP and TLS took together.
    public let handshake: Interval
}

/// Learns what happens on the connections of a transport.
///
/// Must not open, close or flush connections from within `answered`: the transport is in the
/// middle of a buffer.
public protocol UpstreamSink: AnyObject {
    /// TCP and TLS are up and the server is the one that was meant.
    func connected(_ connection: SlotID, _ report: ConnectionReport)
    /// One whole message has come.
    func answered(_ message: RawSpan, on connection: SlotID)
    /// The connection has ended or could not be made; it is gone.
    func failed(_ connection: SlotID, _ failure: TransportFailure, at stage: ConnectionStage)
}
