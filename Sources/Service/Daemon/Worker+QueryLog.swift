internal import Collections
internal import Configuration
internal import DNSText
internal import DNSWire
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import LinuxIO
internal import NetAddress

// The query log: off unless asked for, and then bounded. None of it is inlined into the way of a
// query.
extension Worker {
    /// Logs a query that was answered at once.
    @inline(never)
    func logReplied(
        _ message: RawSpan, with answer: borrowing MutableRawSpan, length: Int,
        from endpoint: Endpoint, _ carrier: QueryCarrier, _ provenance: Provenance?
    ) {
        guard tap != nil else {
            return logQuery(answer: answer, from: endpoint, carrier.transport, provenance)
        }
        if case .own = carrier { return }
        let parties = QueryTap.Event.Parties.client(endpoint, at: local(of: carrier))
        tapQuery(message, parties, carrier.transport)
        tapAnswer(answer, length: length, parties, carrier.transport, asked: wallTime)
    }

    /// Logs a query that waits for its answer.
    @inline(never)
    func logPending(
        _ message: RawSpan, _ query: QueryID, from endpoint: Endpoint, _ carrier: QueryCarrier
    ) {
        guard tap != nil else { return }
        arrivals[Int(query.index)] = wallTime
        tapQuery(message, from: endpoint, carrier)
    }

    /// Logs a query that has waited for its answer.
    @inline(never)
    func logAnswered(
        _ query: QueryID, with answer: borrowing MutableRawSpan, length: Int,
        _ provenance: Provenance
    ) {
        let origin = origins[Int(query.index)]
        let client = client(of: origin)
        guard tap != nil else {
            return logQuery(answer: answer, from: client, origin.transport, provenance)
        }
        // A client that has gone was not answered.
        guard let client else { return }
        tapAnswer(
            answer, length: length, .client(client, at: local(of: origin)), origin.transport,
            asked: arrivals[Int(query.index)])
    }

    private func client(of origin: QueryOrigin) -> Endpoint? {
        switch origin {
        case .datagram(_, let peer): peer.source.endpoint
        case .stream(let client): streams?.endpoint(of: client)
        case .own: nil
        }
    }

    /// Logs a query by the answer to it, which has its question.
    private func logQuery(
        answer: borrowing MutableRawSpan, from client: Endpoint?, _ transport: Transport,
        _ provenance: Provenance?
    ) {
        guard let leftOut = queryLogBudget.admit(now: loop.now) else { return }
        let message = answer.bytes
        // Refusals without a question have nothing to tell.
        guard let header = Header(message), header.questionCount == 1,
            let question = try? Question(message)
        else { return }
        let name = NameText.text(of: message, at: Question.offset)
        let code = ResponseCode(rawValue: UInt16(header.flags.responseCode)).text
        let source = Self.words(provenance)
        var fields = [
            "QUERY_NAME=\(name)", "QUERY_TYPE=\(question.type.text)", "RCODE=\(code)",
            "TRANSPORT=\(transport == .datagram ? "udp" : "tcp")", "ANSWERED_BY=\(source)",
        ]
        if let client { fields.append("CLIENT=\(client.address)") }
        if case .upstream(_, let roundTrip, _) = provenance {
            fields.append("RTT_USEC=\(roundTrip.microseconds)")
        }
        if leftOut > 0 { fields.append("LEFT_OUT=\(leftOut)") }
        let words = "\(name) \(question.type.text) \(code) by \(source)"
        log(
            LogEntry(
                .info, leftOut > 0 ? "\(words); \(leftOut) queries before it left out" : words,
                id: .query, fields: fields))
    }

    private static func words(_ provenance: Provenance?) -> String {
        switch provenance {
        case .memory: "memory"
        case .stale: "stale memory"
        case .upstream(let target, _, _): "\(target)"
        case .local, .filtered, nil: "dotproxy"
        case .screened: "nobody who is believed"
        case .failure: "nobody"
        }
    }
}
