internal import Collections
internal import EventLoop
internal import Forwarder
internal import NetAddress

// The query log as dnstap: what clients sent, and what they were sent.
extension Worker {
    /// The loop's time as the wall clock has it.
    var wallTime: QueryTap.Timestamp {
        QueryTap.Timestamp(microseconds: loop.now.microseconds &+ wallOffset)
    }

    /// Whether a query is the supervisor's: it comes as from a TCP client, but from none.
    static func isOwn(_ transport: Transport, _ client: SlotID?) -> Bool {
        transport == .stream && client == nil
    }

    /// Tells of a query, unless it is one of our own.
    @inline(never)
    func tapQuery(
        _ message: RawSpan, from endpoint: Endpoint, _ transport: Transport, _ client: SlotID?
    ) {
        guard let tap, !Self.isOwn(transport, client) else { return }
        let event = QueryTap.Event(
            kind: .query, client: endpoint, transport: transport, time: wallTime)
        tap.tell(event, message, queue: index)
    }

    /// Tells of an answer to a query that came when `asked` says.
    @inline(never)
    func tapAnswer(
        _ answer: borrowing MutableRawSpan, length: Int, to client: Endpoint,
        _ transport: Transport, asked: QueryTap.Timestamp?
    ) {
        guard let tap else { return }
        let event = QueryTap.Event(
            kind: .answer(to: asked), client: client, transport: transport, time: wallTime)
        tap.tell(event, answer.bytes.extracting(0..<length), queue: index)
    }
}
