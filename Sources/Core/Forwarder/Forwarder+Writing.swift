public import Collections
internal import DNSCache
internal import DNSWire
public import NetAddress
internal import Policy
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
        let carrier = pool.carrier(of: connection)
        let query = UpstreamQuery(
            id: messageID, flags: exchanges[index].flags, dnssecOK: exchanges[index].dnssecOK,
            asksKeepalive: carrier != .datagram && pool.takesKeepalive(connection),
            // What everybody can read need not be of one length.
            paddingBlock: carrier == .tls ? settings.paddingBlock : 0)
        let length = exchanges[index].questionLength
        let written = query.write(
            question: questions.span(index, length: length), into: &message)
        if carrier == .datagram {
            SecretSpelling(seed: pool.spellingSeed(of: messageID, on: connection))
                .apply(to: &message, from: Question.offset, length: length - 4)
        }
        return written
    }

    /// Room enough for every query that `writeQuestion` writes.
    public var questionCapacity: Int {
        UpstreamQuery.maximumByteCount(paddingBlock: settings.paddingBlock)
    }

    /// Room enough for what `writeReply` writes for `query` from the message `answer`.
    public func replyCapacity(_ query: QueryID, answer: RawSpan) -> Int {
        guard querySlots.contains(query) else { return 0 }
        let pending = queries[Int(query.index)]
        return switch pending.outcome {
        case .cached, .stale, .local: max(Reply.minimumCapacity, pending.reply.sizeLimit)
        case .answer, .failure, .expired, .screened, .filtered, .waiting:
            max(
                Reply.minimumCapacity,
                min(pending.reply.sizeLimit, answer.byteCount + Reply.minimumCapacity))
        }
    }

    /// Writes the answer to `query`, forgets it, and gives the answer's length.
    ///
    /// `message` is the one that was last handed to `answered`; it is looked at only when that is
    /// the answer. `reply` has at least `Reply.minimumCapacity` octets.
    public mutating func writeReply(
        to query: QueryID, from message: RawSpan, now: Instant, into reply: inout MutableRawSpan
    ) -> Int {
        guard querySlots.contains(query) else { return 0 }
        let pending = queries[Int(query.index)]
        let length = write(pending, from: message, now: now, into: &reply)
        let index = Int(pending.exchange.index)
        CaseFolding.unfold(
            &reply, from: Question.offset, length: exchanges[index].questionLength - 4,
            mask: pending.spelling)
        responses.add(reply)
        querySlots.free(query)
        exchanges[index].queryCount -= 1
        freeIfUnused(pending.exchange)
        return length
    }

    private func write(
        _ pending: PendingQuery, from message: RawSpan, now: Instant,
        into reply: inout MutableRawSpan
    ) -> Int {
        let index = Int(pending.exchange.index)
        let question = questions.span(index, length: exchanges[index].questionLength)
        switch pending.outcome {
        case .answer:
            guard let response else { break }
            return pending.reply.write(response, of: message, question: question, into: &reply)
        case .cached:
            let found = cache.cache.answer(
                exchanges[index].key, question: question, spelled: question, as: pending.reply,
                now: seconds(now), into: &reply)
            if case .hit(let length, _) = found { return length }
        case .stale:
            let found = cache.cache.answerStale(
                exchanges[index].key, question: question, spelled: question, as: pending.reply,
                now: seconds(now), into: &reply)
            if case .hit(let length, _) = found { return length }
        case .local:
            let length = rules.names?.answer(question, as: pending.reply, into: &reply)
            if let length { return length }
        case .filtered:
            let length = rules.filter?.answer(question, as: pending.reply, into: &reply)
            if let length { return length }
        case .screened, .failure, .expired, .waiting:
            break
        }
        return writeFailure(of: pending, question: question, into: &reply)
    }

    /// Writes that there is no answer to give, and why.
    @inline(never)
    private func writeFailure(
        of pending: PendingQuery, question: RawSpan, into reply: inout MutableRawSpan
    ) -> Int {
        let (code, reason, text): (ResponseCode, ExtendedErrorCode?, [UInt8]) =
            switch pending.outcome {
            case .screened:
                (.noError, .blocked, Self.screenedText)
            case .failure(let code, let reason, let upstream):
                (code, reason, upstream.map { pool.explanation(of: $0) } ?? Self.nothingUsable)
            case .expired(let code, let upstream):
                (
                    code, .noReachableAuthority,
                    upstream.map { pool.explanationOfSilence(of: $0) } ?? Self.nothingUsable
                )
            // What was known a moment ago has gone since.
            case .answer, .cached, .stale, .local, .filtered, .waiting:
                (.serverFailure, .other, [])
            }
        return pending.reply.write(
            code: code, extendedError: reason, extraText: text, question: question, into: &reply)
    }

    /// The explanation where an answer is not believed.
    private static let screenedText = Array("a public server gave a private address".utf8)

    /// The explanation where no single upstream is to blame.
    private static let nothingUsable = Array("no upstream gave a usable answer".utf8)
}
