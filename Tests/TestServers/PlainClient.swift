import NetAddress

/// Asks a DNS server one thing at a time, over UDP or TCP.
///
/// For several queries in flight use `DatagramClient` and `StreamClient`.
public struct PlainClient: Sendable {
    public let server: Endpoint
    /// How long to wait for each answer.
    public var timeout: Interval

    public init(_ server: Endpoint, timeout: Interval = .seconds(6)) {
        self.server = server
        self.timeout = timeout
    }

    /// Asks over UDP; `nil` when no answer with the query's id comes from the server in time.
    public func udp(_ query: PlainQuery) throws(SystemError) -> PlainReply? {
        let client = try DatagramClient(to: server)
        try client.send(query)
        let deadline = Instant.now + timeout
        while let reply = client.receive(timeout: deadline - .now) {
            if reply.id == query.id, reply.source == server { return reply }
        }
        return nil
    }

    /// Asks over a TCP connection of its own; `nil` when no answer comes in time.
    public func tcp(_ query: PlainQuery) throws(SystemError) -> PlainReply? {
        let client = try StreamClient(to: server, timeout: timeout)
        try client.send(query)
        let deadline = Instant.now + timeout
        while let reply = client.receive(timeout: deadline - .now) {
            if reply.id == query.id { return reply }
        }
        return nil
    }

    /// Asks for addresses over UDP.
    public func udp(
        _ name: TestName, _ type: UInt16 = RecordType.a
    ) throws(SystemError)
        -> PlainReply?
    {
        try udp(PlainQuery(name, type))
    }

    /// Asks for addresses over TCP.
    public func tcp(
        _ name: TestName, _ type: UInt16 = RecordType.a
    ) throws(SystemError)
        -> PlainReply?
    {
        try tcp(PlainQuery(name, type))
    }
}
