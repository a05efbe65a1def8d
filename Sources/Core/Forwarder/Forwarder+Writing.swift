public import Collections
internal import DNSWire
internal import NetAddress
public import Upstream

extension Forwarder {
    /// Writes the query of `exchange` for `connection` and gives its length.
    ///
    /// Zero when the exchange has ended meanwhile. `message` has room for
    /// `UpstreamQuery.maximumByteCount`.
    public mutating func writeQuestion(
        of exchange: ExchangeID, messageID: UInt16, on connection: ConnectionID,
        into message: inout MutableRawSpan
    ) -> Int {
        guard exchangeSlots.contains(exchange) else { return 0 }
        let index = Int(exchange.index)
        let query = UpstreamQuery(
            id: messageID, flags: exchanges[index].flags, dnssecOK: exchanges[index].dnssecOK,
            asksKeepalive: pool.takesKeepalive(connection), paddingBlock: settings.paddingBlock)
        return query.write(
            question: questions.span(index, length: exchanges[index].questionLength),
            into: &message)
    }

    /// Room enough for every query that `writeQuestion` writes.
    public var questionCapacity: Int {
        UpstreamQuery.maximumByteCount(paddingBlock: settings.paddingBlock)
    }

    /// Room enough for what `writeReply` writes for `query` from the message `answer`.
    public func replyCapacity(_ query: QueryID, answer: RawSpan) -> Int {
        guard querySlots.contains(query) else { return 0 }
        let limit = Int(queries[Int(query.index)].sizeLimit)
        return max(
            Reply.minimumCapacity, min(limit, answer.byteCount + Reply.minimumCapacity))
    }

    /// Writes the answer to `query`, forgets it, and gives the answer's length.
    ///
    /// `message` is the one that was last handed to `answered`; it is looked at only when that is
    /// the answer. `reply` has at least `Reply.minimumCapacity` octets.
    public mutating func writeReply(
        to query: QueryID, from message: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        guard querySlots.contains(query) else { return 0 }
        let pending = queries[Int(query.index)]
        let length = write(pending, from: message, into: &reply)
        querySlots.free(query)
        let index = Int(pending.exchange.index)
        exchanges[index].queryCount -= 1
        if exchanges[index].queryCount == 0 { exchangeSlots.free(pending.exchange) }
        return length
    }

    private func write(
        _ pending: PendingQuery, from message: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        let index = Int(pending.exchange.index)
        let question = questions.span(index, length: exchanges[index].questionLength)
        let writer = Reply(
            id: pending.id, flags: pending.flags, spelling: pending.spelling,
            hasEDNS: pending.hasEDNS, dnssecOK: pending.dnssecOK,
            sizeLimit: Int(pending.sizeLimit), payloadSize: UInt16(settings.maximumUDPSize),
            keepalive: pending.wantsKeepalive ? announcedKeepalive : nil)
        switch pending.outcome {
        case .answer:
            guard let response else { break }
            return writer.write(response, of: message, question: question, into: &reply)
        case .failure(let code, let reason, let upstream):
            let text = upstream.map { pool.explanation(of: $0) } ?? Self.nothingUsable
            return writer.write(
                code: code, extendedError: reason, extraText: text,
                question: question, into: &reply)
        case .expired(let code, let upstream):
            let text = upstream.map { pool.explanationOfSilence(of: $0) } ?? Self.nothingUsable
            return writer.write(
                code: code, extendedError: .noReachableAuthority, extraText: text,
                question: question, into: &reply)
        case .waiting:
            break
        }
        return writer.write(
            code: .serverFailure, extendedError: .other, extraText: [],
            question: question, into: &reply)
    }

    /// The explanation where no single upstream is to blame.
    private static let nothingUsable = Array("no upstream gave a usable answer".utf8)

    /// Our TCP idle timeout in units of 100 ms.
    private var announcedKeepalive: UInt16 {
        UInt16(clamping: settings.streamIdleTimeout.microseconds / 100_000)
    }
}
