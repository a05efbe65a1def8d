import Glibc
import NetAddress

/// A UDP socket of a test client; one thread uses it.
public final class DatagramClient {
    public let server: Endpoint
    private let socket: Socket

    /// Opens a socket, on `source` if that is given.
    ///
    /// It is not connected, so it shows answers from any address, with the address.
    public init(to server: Endpoint, from source: Endpoint? = nil) throws(SystemError) {
        self.server = server
        socket = try Socket(server.address.family, SOCK_DGRAM)
        socket.set(SOL_SOCKET, SO_RCVBUF, 4_194_304)
        let any = IPAddress(v6High: 0, low: 0)
        let unspecified = server.address.family == .v4 ? IPAddress(v4: 0) : any
        try socket.bind(to: source ?? Endpoint(address: unspecified, port: 0))
    }

    /// Where the socket is.
    public var local: Endpoint? { socket.localEndpoint }

    public func send(_ query: PlainQuery) throws(SystemError) {
        try send(query.bytes)
    }

    /// Sends any octets as one datagram.
    public func send(_ bytes: [UInt8]) throws(SystemError) {
        while true {
            let sent = SocketAddress.with(server) { address, size in
                sendto(socket.fd, bytes, bytes.count, 0, address, size)
            }
            if sent >= 0 { return }
            // A full buffer of the socket's own; on the loopback interface it empties at once.
            guard errno == EAGAIN else { throw SystemError(call: "sendto", code: errno) }
            _ = socket.wait(writing: true, until: .now + .seconds(1))
        }
    }

    /// The next datagram; `nil` when none comes in time.
    public func receive(timeout: Interval = .seconds(5)) -> PlainReply? {
        let deadline = Instant.now + timeout
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var count = 0
            let source = SocketAddress.read { address, size in
                count = recvfrom(socket.fd, &buffer, buffer.count, 0, address, size)
                return count < 0 ? -1 : 0
            }
            if count >= 0 { return PlainReply(bytes: Array(buffer[..<count]), source: source) }
            guard Instant.now < deadline else { return nil }
            _ = socket.wait(reading: true, until: deadline)
        }
    }

    /// Up to `count` datagrams, fewer when time runs out first.
    public func receive(_ count: Int, timeout: Interval = .seconds(5)) -> [PlainReply] {
        let deadline = Instant.now + timeout
        var replies: [PlainReply] = []
        while replies.count < count, let reply = receive(timeout: deadline - .now) {
            replies.append(reply)
        }
        return replies
    }
}
