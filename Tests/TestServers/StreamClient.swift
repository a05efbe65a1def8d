import Glibc
import NetAddress

/// A TCP connection of a test client; one thread uses it.
public final class StreamClient {
    /// What came of waiting for a message.
    public enum Received: Sendable {
        case reply(PlainReply)
        /// The peer ended the stream; the octets of a message that was not finished.
        case ended([UInt8])
        case reset
        case timedOut
    }

    public let server: Endpoint
    private let socket: Socket
    private var input: [UInt8] = []

    /// Connects, or throws `ETIMEDOUT` or what the kernel says.
    ///
    /// A small `receiveBuffer` (octets) makes a client that does not read block the server soon.
    public init(
        to server: Endpoint, from source: Endpoint? = nil, receiveBuffer: Int? = nil,
        timeout: Interval = .seconds(5)
    ) throws(SystemError) {
        self.server = server
        socket = try Socket(server.address.family, SOCK_STREAM)
        socket.set(CInt(IPPROTO_TCP), TCP_NODELAY)
        if let receiveBuffer { socket.set(SOL_SOCKET, SO_RCVBUF, CInt(receiveBuffer)) }
        if let source {
            socket.set(SOL_SOCKET, SO_REUSEADDR)
            try socket.bind(to: source)
        }
        try socket.connect(to: server)
        let ready = socket.wait(writing: true, until: .now + timeout)
        let code = ready.canWrite ? socket.pendingError : ETIMEDOUT
        guard code == 0 else { throw SystemError(call: "connect \(server)", code: code) }
    }

    /// Where this end is.
    public var local: Endpoint? { socket.localEndpoint }

    public func send(_ query: PlainQuery) throws(SystemError) {
        try sendRaw(query.bytes.framed)
    }

    /// Sends several queries in one write.
    public func send(_ queries: [PlainQuery]) throws(SystemError) {
        try sendRaw(queries.flatMap(\.bytes.framed))
    }

    /// Sends octets as they are, length prefix and all; throws `ETIMEDOUT` when the peer is full.
    public func sendRaw(_ bytes: [UInt8], timeout: Interval = .seconds(5)) throws(SystemError) {
        let deadline = Instant.now + timeout
        var offset = 0
        while offset < bytes.count {
            offset += try sendSome(bytes[offset...])
            if offset == bytes.count { return }
            guard Instant.now < deadline else {
                throw SystemError(call: "send after \(offset) octets", code: ETIMEDOUT)
            }
            _ = socket.wait(writing: true, until: deadline)
        }
    }

    /// Sends what the kernel takes without waiting, and says how many octets it took.
    public func sendSome(_ bytes: ArraySlice<UInt8>) throws(SystemError) -> Int {
        let sent = bytes.withUnsafeBytes {
            Glibc.send(socket.fd, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        if sent >= 0 { return sent }
        guard errno == EAGAIN else { throw SystemError(call: "send", code: errno) }
        return 0
    }

    /// Waits for a message or for what ends the stream.
    public func receiveEvent(timeout: Interval = .seconds(5)) -> Received {
        let deadline = Instant.now + timeout
        while true {
            if let bytes = takeMessage() {
                return .reply(PlainReply(bytes: bytes, source: server))
            }
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(socket.fd, &buffer, buffer.count, 0)
            if count > 0 {
                input += buffer[..<count]
                continue
            }
            if count == 0 { return .ended(input) }
            guard errno == EAGAIN else { return .reset }
            guard Instant.now < deadline else { return .timedOut }
            _ = socket.wait(reading: true, until: deadline)
        }
    }

    /// The next message; `nil` when none comes in time or the stream is over.
    public func receive(timeout: Interval = .seconds(5)) -> PlainReply? {
        guard case .reply(let reply) = receiveEvent(timeout: timeout) else { return nil }
        return reply
    }

    /// Up to `count` messages, fewer when time runs out or the stream ends first.
    public func receive(_ count: Int, timeout: Interval = .seconds(5)) -> [PlainReply] {
        let deadline = Instant.now + timeout
        var replies: [PlainReply] = []
        while replies.count < count, let reply = receive(timeout: deadline - .now) {
            replies.append(reply)
        }
        return replies
    }

    /// Whether the peer ends or resets the stream in time; messages before that are dropped.
    public func isClosed(within timeout: Interval = .seconds(5)) -> Bool {
        let deadline = Instant.now + timeout
        while true {
            switch receiveEvent(timeout: deadline - .now) {
            case .reply: continue
            case .ended, .reset: return true
            case .timedOut: return false
            }
        }
    }

    /// Says that nothing more will be sent, and goes on receiving.
    public func finishSending() {
        shutdown(socket.fd, CInt(SHUT_WR))
    }

    /// Closes with a reset.
    public func reset() {
        socket.resetOnClose()
        socket.close()
    }

    public func close() {
        socket.close()
    }

    private func takeMessage() -> [UInt8]? {
        guard input.count >= 2 else { return nil }
        let end = 2 + Int(input[0]) << 8 + Int(input[1])
        guard input.count >= end else { return nil }
        defer { input.removeFirst(end) }
        return Array(input[2..<end])
    }
}
