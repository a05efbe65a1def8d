import Frontend
import LinuxIO
import NetAddress
import TestServers

/// A UDP and a TCP socket on one port that the kernel chose, as systemd would pass them.
///
/// They are not bound with `SO_REUSEPORT`: with it the kernel may give two tests the same port.
struct ListeningSockets {
    let datagram: ListeningSocket
    let stream: ListeningSocket

    var endpoint: Endpoint { datagram.endpoint }

    /// The attempts at a port that is free for TCP as well.
    private static let attempts = 32

    init(on address: IPAddress = .loopback) throws {
        for _ in 1..<Self.attempts {
            if let pair = try? Self(attemptOn: address) {
                self = pair
                return
            }
        }
        try self.init(attemptOn: address)
    }

    private init(attemptOn address: IPAddress) throws {
        let datagram = try Socket.makeDatagram(address.family)
        try datagram.setReceiveBuffer(byteCount: 4 << 20)
        try datagram.bind(to: Endpoint(address: address, port: 0))
        let local = try datagram.localEndpoint()
        let endpoint = local ?? Endpoint(address: address, port: 0)
        let stream = try Socket.makeStream(address.family)
        try stream.setReuseAddress()
        try stream.bind(to: endpoint)
        try stream.listen(backlog: 1024)
        self.datagram = ListeningSocket(owning: datagram, kind: .datagram, endpoint: endpoint)
        self.stream = ListeningSocket(owning: stream, kind: .stream, endpoint: endpoint)
    }
}

extension IPAddress {
    static let loopback = IPAddress(v4: 0x7f00_0001)
    static let loopback6 = IPAddress(v6High: 0, low: 1)
}
