import Glibc
import NetAddress

/// What a server does in place of a handshake.
struct SpoiledOpening {
    let socket: Socket
    let waker: Waker
    let core: ServerCore
    let number: Int

    /// Acts until the connection is to be closed.
    func run(_ opening: Behavior.Opening) -> ServerConnection.Outcome {
        switch opening {
        case .handshake, .closeAfterHandshake, .close:
            return .closing(.abrupt)
        case .reset:
            return listen(until: nil) ?? .closing(.reset)
        case .http:
            let early = listen(until: nil)
            send(Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n".utf8))
            return early ?? .closing(.abrupt)
        case .silence:
            while true {
                if let outcome = listen(until: .distantFuture) { return outcome }
            }
        case .drip(let interval):
            return listen(until: nil) ?? drip(interval)
        }
    }

    /// The start of a ServerHello of 16,380 octets in a record of 16,384, and zeros for ever.
    private func drip(_ interval: Interval) -> ServerConnection.Outcome {
        let start: [UInt8] = [22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3]
        var count = 0
        while true {
            // In place of a record after the first there would be an error to be seen.
            if count < 16_384 { send([count < start.count ? start[count] : 0]) }
            count += 1
            let deadline = Instant.now + interval
            while Instant.now < deadline {
                if let outcome = listen(until: deadline) { return outcome }
            }
        }
    }

    /// Reads and forgets; without a deadline it returns once the client has said something.
    private func listen(until deadline: Instant?) -> ServerConnection.Outcome? {
        while true {
            waker.drain()
            if let leave = core.state.withLock({ $0.leave(of: number) }) { return .closing(leave) }
            let end = deadline ?? .distantFuture
            if Instant.now >= end { return nil }
            let ready = socket.wait(reading: true, waker: waker, until: end)
            guard ready.canRead else { continue }
            var bytes = [UInt8](repeating: 0, count: 16_384)
            let count = recv(socket.fd, &bytes, bytes.count, CInt(MSG_DONTWAIT))
            if count == 0 || count < 0 && errno != EAGAIN { return .clientVanished }
            if deadline == nil { return nil }
        }
    }

    private func send(_ bytes: [UInt8]) {
        // A few octets into an empty buffer: they fit, or the connection is gone.
        _ = Glibc.send(socket.fd, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }
}
