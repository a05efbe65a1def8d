import Glibc
import NetAddress

/// A DNS server in the clear, UDP and TCP on one port of 127.0.0.1, each in a thread.
public final class PlainServer: Sendable {
    /// What it does with a datagram.
    public enum Manner: Sendable {
        case answers
        /// Sends this many answers to other questions, then the right one.
        case forgesFirst(Int)
        /// Repeats the question in lower case, whatever the query's spelling.
        case lowers
        /// Sends nothing for the first so many queries.
        case loses(Int)
        /// Cuts every answer.
        case cuts
        /// Sends a zone of this many messages over TCP, and half of it if told to break off.
        case transfers(Int, breaksOff: Bool)
    }

    /// What happened.
    public struct Record: Sendable {
        public internal(set) var datagrams: [ReceivedDatagram] = []
        public internal(set) var streamQueries: [TestMessage] = []
        public internal(set) var connectionsAccepted = 0
    }

    /// A query that came by UDP.
    public struct ReceivedDatagram: Sendable {
        public let source: Endpoint
        public let bytes: [UInt8]
        public let message: TestMessage
    }

    public let endpoint: Endpoint
    private let manner: Manner
    private let waker: Waker
    private let state = Guarded((record: Record(), threads: 0))

    public init(_ manner: Manner = .answers) throws(SystemError) {
        self.manner = manner
        waker = try Waker()
        let (datagrams, listener, endpoint) = try Self.bound()
        self.endpoint = endpoint
        try SystemError.check(listen(listener.fd, 16), "listen")
        state.withLock { $0.threads = 2 }
        try BackgroundThread.start { [manner, waker, state] in
            Self.serve(datagrams, manner, waker) { change in
                state.withLock { change(&$0.record) }
            }
            datagrams.close()
            state.withLock { $0.threads -= 1 }
        }
        try BackgroundThread.start { [manner, waker, state] in
            Self.accept(listener, manner, waker) { change in state.withLock { change(&$0.record) } }
            listener.close()
            state.withLock { $0.threads -= 1 }
        }
    }

    deinit { stop() }

    public var record: Record { state.withLock { $0.record } }

    /// Closes its sockets.
    public func stop() {
        waker.wake()
        _ = state.wait(atMost: .seconds(5)) { $0.threads == 0 }
    }

    /// Two sockets of one port.
    private static func bound() throws(SystemError) -> (Socket, Socket, Endpoint) {
        for _ in 0..<20 {
            let datagrams = try Socket(.v4, SOCK_DGRAM)
            try datagrams.bind(to: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 0))
            let listener = try Socket(.v4, SOCK_STREAM)
            guard let endpoint = datagrams.localEndpoint else { continue }
            listener.set(SOL_SOCKET, SO_REUSEADDR)
            do throws(SystemError) {
                try listener.bind(to: endpoint)
            } catch {
                continue
            }
            return (datagrams, listener, endpoint)
        }
        throw SystemError(call: "no port is free for both", code: EADDRINUSE)
    }

    private typealias Noting = ((inout Record) -> Void) -> Void

    private static func serve(
        _ socket: Socket, _ manner: Manner, _ waker: Waker, _ note: Noting
    ) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var count = 0
        while true {
            let ready = socket.wait(reading: true, waker: waker, until: .now + .seconds(60))
            if ready.wasWoken { return }
            guard ready.canRead else { continue }
            var length = 0
            let source = SocketAddress.read { address, size in
                length = recvfrom(socket.fd, &buffer, buffer.count, 0, address, size)
                return length < 0 ? -1 : 0
            }
            guard let source, let message = TestMessage(Array(buffer[..<max(length, 0)])) else {
                continue
            }
            let bytes = Array(buffer[..<length])
            note {
                $0.datagrams.append(
                    ReceivedDatagram(source: source, bytes: bytes, message: message))
            }
            count += 1
            for answer in answers(to: message, bytes, manner, number: count) {
                _ = SocketAddress.with(source) { address, size in
                    sendto(socket.fd, answer, answer.count, 0, address, size)
                }
            }
        }
    }

    private static func answers(
        to message: TestMessage, _ bytes: [UInt8], _ manner: Manner, number: Int
    ) -> [[UInt8]] {
        let right = AnswerBook().answer(to: message)
        switch manner {
        case .answers, .transfers: return [right]
        case .loses(let count): return number <= count ? [] : [right]
        case .lowers:
            var lowered = right
            for place in 12..<(bytes.count - 15) where (65...90).contains(lowered[place]) {
                lowered[place] += 32
            }
            return [lowered]
        case .cuts:
            // Header and question alone.
            var cut = Array(bytes[..<questionEnd(bytes)])
            cut[2] |= 0x82
            for place in 6..<12 { cut[place] = 0 }
            return [cut]
        case .forgesFirst(let count):
            let forged = (0..<count).map { place in
                var answer = AnswerBook().with { $0.isForged = true }.answer(to: message)
                // Another id, or another name.
                if place.isMultiple(of: 2) { answer[1] ^= 0xff } else { answer[13] ^= 0x01 }
                return answer
            }
            return forged + [right]
        }
    }

    /// The messages of a stream, and whether they are all.
    private static func answers(
        to message: TestMessage, _ query: [UInt8], _ manner: Manner
    ) -> ([[UInt8]], isWhole: Bool) {
        guard case .transfers(let count, let breaksOff) = manner,
            message.questions.first?.type == 252
        else { return ([AnswerBook().answer(to: message)], true) }
        let all = (0..<count).map { place in
            zoneMessage(query, isFirst: place == 0, isLast: place == count - 1)
        }
        return (Array(all.prefix(breaksOff ? count / 2 : count)), !breaksOff)
    }

    /// A message of a thousand addresses, with the SOA record at the ends of the zone.
    private static func zoneMessage(_ query: [UInt8], isFirst: Bool, isLast: Bool) -> [UInt8] {
        var message = Array(query[..<questionEnd(query)])
        message[2] |= 0x84
        let count = 1000 + (isFirst ? 1 : 0) + (isLast ? 1 : 0)
        message[6] = UInt8(count >> 8)
        message[7] = UInt8(count & 255)
        for place in 8..<12 { message[place] = 0 }
        let soa: [UInt8] =
            [0xc0, 0x0c, 0, 6, 0, 1, 0, 0, 1, 44, 0, 22, 0, 0]
            + [UInt8](repeating: 1, count: 20)
        if isFirst { message += soa }
        for number in 0..<1000 {
            message += [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 10, 0]
            message += [UInt8(number >> 8), UInt8(number & 255)]
        }
        return isLast ? message + soa : message
    }

    /// Sends a frame; false when the client does not take it in time.
    private static func write(_ message: [UInt8], to client: Socket, _ waker: Waker) -> Bool {
        let frame = [UInt8(message.count >> 8), UInt8(message.count & 255)] + message
        var offset = 0
        let deadline = Instant.now + .seconds(10)
        while offset < frame.count {
            let count = frame[offset...].withUnsafeBytes {
                send(client.fd, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if count > 0 {
                offset += count
            } else {
                guard errno == EAGAIN, Instant.now < deadline else { return false }
                let ready = client.wait(writing: true, waker: waker, until: deadline)
                if ready.wasWoken { return false }
            }
        }
        return true
    }

    private static func questionEnd(_ bytes: [UInt8]) -> Int {
        var place = 12
        while bytes[place] != 0 { place += 1 + Int(bytes[place]) }
        return place + 5
    }

    private static func accept(
        _ listener: Socket, _ manner: Manner, _ waker: Waker, _ note: Noting
    ) {
        while true {
            let ready = listener.wait(reading: true, waker: waker, until: .now + .seconds(60))
            if ready.wasWoken { return }
            guard let client = listener.accept() else { continue }
            note { $0.connectionsAccepted += 1 }
            guard talk(client, manner, waker, note) else { return }
        }
    }

    /// Answers one client after the other; false when it is time to end.
    private static func talk(
        _ client: Socket, _ manner: Manner, _ waker: Waker, _ note: Noting
    ) -> Bool {
        defer { client.close() }
        var input: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let ready = client.wait(reading: true, waker: waker, until: .now + .seconds(60))
            if ready.wasWoken { return false }
            let count = recv(client.fd, &buffer, buffer.count, 0)
            guard count > 0 else { return true }
            input += buffer[..<count]
            while input.count >= 2 {
                let length = Int(input[0]) << 8 | Int(input[1])
                guard input.count >= 2 + length else { break }
                if let message = TestMessage(Array(input[2..<(2 + length)])) {
                    note { $0.streamQueries.append(message) }
                    let query = Array(input[2..<(2 + length)])
                    let (answers, isWhole) = answers(to: message, query, manner)
                    guard answers.allSatisfy({ write($0, to: client, waker) }), isWhole else {
                        return true
                    }
                }
                input.removeFirst(2 + length)
            }
        }
    }
}

extension AnswerBook {
    fileprivate func with(_ change: (inout AnswerBook) -> Void) -> AnswerBook {
        var book = self
        change(&book)
        return book
    }
}
