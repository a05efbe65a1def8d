internal import Collections
internal import DNSWire
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import NetAddress
internal import Upstream

// The query log as dnstap: what clients sent and were sent, and what servers were asked and said.
extension Worker {
    /// The loop's time as the wall clock has it.
    var wallTime: QueryTap.Timestamp { wallTime(loop.now) }

    private func wallTime(_ instant: Instant) -> QueryTap.Timestamp {
        QueryTap.Timestamp(microseconds: instant.microseconds &+ wallOffset)
    }

    /// Tells of a query that has come, unless it is one of our own.
    @inline(never)
    func tapQuery(_ message: RawSpan, from endpoint: Endpoint, _ carrier: QueryCarrier) {
        if case .own = carrier { return }
        tapQuery(message, .client(endpoint, at: local(of: carrier)), carrier.transport)
    }

    /// Tells of a client's query.
    func tapQuery(
        _ message: RawSpan, _ parties: QueryTap.Event.Parties, _ transport: Transport
    ) {
        tell(message, .query, parties, Carrier(transport))
    }

    /// Tells of an answer to a query that came when `asked` says.
    @inline(never)
    func tapAnswer(
        _ answer: borrowing MutableRawSpan, length: Int, _ parties: QueryTap.Event.Parties,
        _ transport: Transport, asked: QueryTap.Timestamp?
    ) {
        tell(
            answer.bytes.extracting(0..<length), .answer(to: asked), parties, Carrier(transport))
    }

    /// Tells of a query that goes to a server, `length` octets unless nothing was written.
    @inline(never)
    func tapQuestion(
        _ message: borrowing MutableRawSpan, length: Int, on connection: ConnectionID
    ) {
        guard length > 0, let server = forwarder.pool.server(of: connection),
            let carrier = forwarder.pool.carrier(of: connection)
        else { return }
        tell(message.bytes.extracting(0..<length), .query, .server(server.endpoint), carrier)
    }

    /// Tells of what a server says, whether it will be believed or not.
    @inline(never)
    func tapAnswer(_ message: RawSpan, on connection: ConnectionID) {
        guard message.byteCount >= Header.byteCount,
            let server = forwarder.pool.server(of: connection),
            let carrier = forwarder.pool.carrier(of: connection)
        else { return }
        let asked = forwarder.sentAt(answeredBy: message, on: connection)
        tell(
            message, .answer(to: asked.map { wallTime($0) }), .server(server.endpoint), carrier)
    }

    /// Tells of a query for a zone transfer that goes to a server.
    func tapTransfer(_ message: borrowing MutableRawSpan, length: Int, to server: UpstreamServer) {
        tell(
            message.bytes.extracting(0..<length), .query, .server(server.endpoint),
            server.transport == .tls ? .tls : .stream)
    }

    private func tell(
        _ message: RawSpan, _ kind: QueryTap.Event.Kind, _ parties: QueryTap.Event.Parties,
        _ carrier: Carrier
    ) {
        let event = QueryTap.Event(kind: kind, parties: parties, carrier: carrier, time: wallTime)
        tap?.tell(event, message, queue: index)
    }

    /// The address and port of ours that a query is coming to.
    func local(of carrier: QueryCarrier) -> Endpoint? {
        switch carrier {
        case .datagram(let listener, let place):
            datagrams[Int(listener)].local(ofDatagram: Int(place))
        case .stream(let client): streams?.local(of: client)
        case .own: nil
        }
    }

    /// The address and port of ours that a query has come to.
    func local(of origin: QueryOrigin) -> Endpoint? {
        switch origin {
        case .datagram(let listener, let peer): datagrams[listener].local(of: peer)
        case .stream(let client): streams?.local(of: client)
        case .own: nil
        }
    }
}

extension Carrier {
    fileprivate init(_ transport: Transport) {
        self = transport == .datagram ? .datagram : .stream
    }
}

extension QueryCarrier {
    @inline(__always)
    var transport: Transport {
        if case .datagram = self { return .datagram }
        return .stream
    }
}

extension QueryOrigin {
    var transport: Transport {
        if case .datagram = self { return .datagram }
        return .stream
    }
}
