internal import Collections
internal import DNSWire
internal import LinuxIO
internal import NetAddress
internal import TLS

/// A step of a test that did not come to its end, in words.
struct TestFailure: Error {
    let words: String

    init(_ words: String) {
        self.words = words
    }
}

/// A connection to one server, made by the same means as the daemon's, but waited for.
struct TestConnection: ~Copyable {
    /// The time for each step; a server that takes longer is of no use.
    private static let patience = Interval.seconds(4)

    // The session borrows the descriptor, so it is declared, and let go, before it.
    private var session: TLSSession
    private let descriptor: FileDescriptor
    private var input: [UInt8] = []

    /// Connects by TCP.
    init(
        to server: UpstreamServer, context: TLSContext, ticket: SessionTicket? = nil
    ) throws(TestFailure) {
        let descriptor = try Self.connect(to: server.endpoint)
        let raw = descriptor.raw
        guard
            let session = TLSSession(
                context: context, server: server, ticket: ticket, descriptor: raw)
        else { throw TestFailure("out of memory") }
        self.session = session
        self.descriptor = descriptor
    }

    private static func connect(to endpoint: Endpoint) throws(TestFailure) -> FileDescriptor {
        do throws(Errno) {
            let descriptor = try Socket.makeStream(endpoint.address.family)
            try descriptor.setNoDelay()
            if try descriptor.connect(to: endpoint) == .inProgress {
                guard Readiness.writable.wait(for: descriptor, patience: patience) else {
                    throw Errno.timedOut
                }
                if let error = try descriptor.takeError() { throw error }
            }
            return descriptor
        } catch {
            throw TestFailure("\(error)")
        }
    }

    /// What the server has sent of certificates, whether or not they were believed.
    var certificates: [PresentedCertificate] { session.presentedCertificates }

    /// Does the handshake, and checks who the server is.
    mutating func shakeHands() throws(TestFailure) -> TLSProperties {
        let end = Clock.monotonic() + Self.patience
        while try !isDone(session.handshake(), until: end) {}
        guard let properties = session.properties else { throw TestFailure("no TLS") }
        return properties
    }

    /// Sends a query and gives the answer to it.
    mutating func ask(_ query: [UInt8]) throws(TestFailure) -> [UInt8] {
        let end = Clock.monotonic() + Self.patience
        let frame = [UInt8(query.count >> 8), UInt8(truncatingIfNeeded: query.count)] + query
        while try !isDone(session.send(frame.span.octets), until: end) {}
        while true {
            if let answer = takeMessage() { return answer }
            try receive(until: end)
        }
    }

    /// The latest ticket for the next connection.
    mutating func takeTicket() -> SessionTicket? { session.takeTicket() }

    mutating func close() { _ = session.close() }

    private mutating func receive(until end: Instant) throws(TestFailure) {
        var room = [UInt8](repeating: 0, count: 16_384)
        session.allowReads(.max)
        let step = receive(into: &room)
        if case .done(let count) = step {
            input += room[..<count]
        } else {
            _ = try isDone(step, until: end)
        }
    }

    private mutating func receive(into room: inout [UInt8]) -> TLSStep {
        var span = room.mutableSpan
        var bytes = span.mutableOctets
        return session.receive(into: &bytes)
    }

    /// The first whole message that has come.
    private mutating func takeMessage() -> [UInt8]? {
        guard input.count >= 2 else { return nil }
        let end = 2 + (Int(input[0]) << 8 | Int(input[1]))
        guard input.count >= end else { return nil }
        defer { input.removeFirst(end) }
        return Array(input[2..<end])
    }

    /// Whether a call on the session is done; waits for what it needs before it is repeated.
    private mutating func isDone(_ step: TLSStep, until end: Instant) throws(TestFailure) -> Bool {
        let readiness: Readiness
        switch step {
        case .done: return true
        case .wantsRead: readiness = .readable
        case .wantsWrite: readiness = .writable
        case .closed: throw TestFailure("the server closed the connection")
        case .failed: throw TestFailure(session.failure?.description ?? "TLS failed")
        }
        guard readiness.wait(for: descriptor, patience: end - Clock.monotonic()) else {
            throw TestFailure("the server says nothing")
        }
        session.allowReads(.max)
        return false
    }
}
