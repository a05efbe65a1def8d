public import NetAddress

/// Where a datagram arrived on this machine.
@frozen
public struct PacketInfo: Hashable, Sendable {
    /// The address it was sent to.
    public let destination: IPAddress
    /// The index of the interface it came in by.
    public let interface: UInt32

    public init(destination: IPAddress, interface: UInt32) {
        self.destination = destination
        self.interface = interface
    }
}

/// The other side of a datagram, and the local address to answer it from.
///
/// 56 octets, all of them plain: a copy is a few moves.
@frozen
public struct DatagramPeer: Hashable, Sendable {
    public let source: SocketAddress
    /// Known on sockets with `setPacketInfo`; without it the socket's own address answers.
    public let local: PacketInfo?

    public init(source: SocketAddress, local: PacketInfo? = nil) {
        self.source = source
        self.local = local
    }
}
