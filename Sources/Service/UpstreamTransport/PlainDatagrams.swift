internal import Collections
internal import DNSWire
internal import EventLoop
internal import LinuxIO
internal import NetAddress

/// The sockets of the datagrams that are under way to one server.
///
/// Each query has a socket of its own, from a port that the kernel draws (15 bits of 28,232 ports
/// by default), connected to the server, so that only what comes from there is received and ICMP
/// errors are told. It is closed as soon as nobody waits for the answer.
final class PlainDatagrams {
    /// One query's socket.
    private final class Port {
        let messageID: UInt16
        // The source borrows the descriptor, so it is declared, and let go, before it.
        var source: IOSource?
        let descriptor: FileDescriptor

        init(_ messageID: UInt16, owning descriptor: consuming FileDescriptor) {
            self.messageID = messageID
            self.descriptor = descriptor
        }
    }

    let id: SlotID
    let server: UpstreamServer
    private var ports: [Port?] = []

    init(_ id: SlotID, server: UpstreamServer) {
        self.id = id
        self.server = server
    }

    /// Sends a query from its own socket, the one that it had before if it is sent again.
    ///
    /// `watch` makes the source of a new socket, by the place of the socket here.
    func send(
        _ query: RawSpan, messageID: UInt16,
        watch: (CInt, _ place: Int) throws(Errno) -> IOSource
    ) throws(Errno) {
        if let place = place(of: messageID) {
            _ = try ports[place]?.descriptor.send(query)
            return
        }
        let descriptor = try Socket.makeDatagram(server.endpoint.address.family)
        _ = try descriptor.connect(to: server.endpoint)
        _ = try descriptor.send(query)
        let raw = descriptor.raw
        let place = ports.firstIndex { $0 == nil } ?? ports.count
        if place == ports.count { ports.append(nil) }
        let port = Port(messageID, owning: descriptor)
        port.source = try watch(raw, place)
        ports[place] = port
    }

    /// Takes one datagram from the socket at `place`; `nil` when none is there that has its id.
    func receive(at place: Int, into buffer: inout MutableRawSpan) throws(Errno) -> Int? {
        guard ports.indices.contains(place), let port = ports[place] else { return nil }
        for _ in 0..<TransportLimits.datagramsPerWakeUp {
            guard case .bytes(let count) = try port.descriptor.receive(into: &buffer) else {
                return nil
            }
            guard count >= 2 else { continue }
            let id = UInt16(buffer.octet(at: 0)) << 8 | UInt16(buffer.octet(at: 1))
            if id == port.messageID { return count }
        }
        return nil
    }

    /// Closes the socket of a query whose answer nobody waits for any more.
    func finish(_ messageID: UInt16) {
        guard let place = place(of: messageID) else { return }
        ports[place]?.source = nil
        ports[place] = nil
    }

    func closeAll() {
        for port in ports { port?.source = nil }
        ports.removeAll()
    }

    private func place(of messageID: UInt16) -> Int? {
        ports.firstIndex { $0?.messageID == messageID }
    }
}
