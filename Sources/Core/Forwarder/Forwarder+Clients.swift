internal import Collections
internal import DNSCache
internal import DNSWire
public import NetAddress
internal import Policy
internal import Upstream

extension Forwarder {
    /// Takes one datagram or TCP frame from a client.
    ///
    /// What can be answered at once is written to `reply`, which has room for
    /// `Reply.minimumCapacity` octets.
    public mutating func received(
        _ message: RawSpan, from source: Source, now: Instant, reply: inout MutableRawSpan
    ) -> Disposition {
        guard isAnswerable(source) else {
            counters.dropped &+= 1
            return .ignored
        }
        let admission = admission(of: source, now: now)
        guard admission == .admitted else {
            return turnAway(message, from: source, admission, reply: &reply)
        }
        switch QueryVerdict(message) {
        case .drop:
            counters.dropped &+= 1
            return .ignored
        case .refuse(let refusal):
            if let disposition = transfer(message, from: source, reply: &reply) {
                return disposition
            }
            return answer(refusal, to: message, from: source, reply: &reply)
        case .accept(let query):
            counters.queries &+= 1
            if source.transport == .stream { counters.streamQueries &+= 1 }
            if prefetchCredit < ForwarderLimits.prefetchCreditBound { prefetchCredit &+= 1 }
            let disposition = forward(query, of: message, from: source, now: now, reply: &reply)
            if case .replied = disposition { responses.add(reply) }
            return disposition
        }
    }

    /// Whether an answer to `source` would reach a client and not a crowd, nobody or ourselves.
    @inline(__always)
    private func isAnswerable(_ source: Source) -> Bool {
        let address = source.endpoint.address
        guard source.endpoint.port != 0, !address.isMulticast, !address.isBroadcast,
            !address.isUnspecified
        else { return false }
        for own in settings.ownEndpoints
        where own.port == source.endpoint.port && own.address == address {
            return false
        }
        return true
    }

    /// On a stream a message that is no query is passed over: the frontend counts those and
    /// closes (docs/query-path.md).
    private mutating func answer(
        _ refusal: Refusal, to message: RawSpan, from source: Source,
        reply: inout MutableRawSpan
    ) -> Disposition {
        counters.refused &+= 1
        if source.transport == .stream, refusal.question == nil, refusal.code == .formatError {
            return .ignored
        }
        responses.add(refusal.code)
        return .replied(
            refusal.write(
                answering: message, payloadSize: UInt16(settings.maximumUDPSize), into: &reply))
    }

    /// Answers from memory, or does what it takes to have an answer.
    @inline(__always)
    private mutating func forward(
        _ query: ClientQuery, of message: RawSpan, from source: Source, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        let key = makeKey(query, of: message)
        let wanted = wanted(query, source)
        if let decision = decide(query.question, as: wanted, reply: &reply) {
            let arrival = Arrival(
                query: query, key: key, reply: wanted, transport: source.transport)
            return conclude(decision, arrival, message, now: now, reply: &reply)
        }
        let found = lookUp(key, query.question, wanted, message, now: now, reply: &reply)
        if case .hit(let length, isDue: false) = found {
            counters.cacheHits &+= 1
            return .replied(length)
        }
        let arrival = Arrival(query: query, key: key, reply: wanted, transport: source.transport)
        return goOn(arrival, found, message, now: now, reply: &reply)
    }

    /// Lets the query wait for an exchange that is under way, or starts one.
    @inline(never)
    private mutating func goOn(
        _ arrival: Arrival, _ found: CacheAnswer, _ message: RawSpan, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        switch found {
        case .hit(let length, let isDue):
            counters.cacheHits &+= 1
            if isDue { prefetch(arrival, now: now) }
            return .replied(length)
        case .tooLong(let isDue):
            if isDue { prefetch(arrival, now: now) }
            return answerLater(arrival, message, .cached, now: now, reply: &reply)
        case .miss:
            return ask(arrival, message, hasStale: false, now: now, reply: &reply)
        case .expired(let hasFailed):
            if hasFailed, let answer = answerStale(arrival, message, now: now, reply: &reply) {
                return answer
            }
            return ask(arrival, message, hasStale: true, now: now, reply: &reply)
        }
    }

    /// Folds the question into the slot for the query being looked at, and makes its key.
    @inline(__always)
    private mutating func makeKey(_ query: ClientQuery, of message: RawSpan) -> CacheKey {
        let hash = hash
        var target = questions.mutableSpan(Self.arrivalSlot)
        let hashed = hash.fold(query.question, of: message, into: &target)
        return hash.key(
            hashed, query.question, dnssecOK: query.edns?.dnssecOK ?? false,
            checkingDisabled: query.flags.contains(.checkingDisabled),
            route: routes.route(
                of: questions.span(Self.arrivalSlot, length: query.question.nameLength)))
    }

    /// How the client wants its answer.
    @inline(__always)
    private func wanted(_ query: ClientQuery, _ source: Source) -> Reply {
        let wantsKeepalive = source.transport == .stream && query.edns?.hasKeepalive == true
        return Reply(
            id: query.id, flags: query.flags, hasEDNS: query.edns != nil,
            dnssecOK: query.edns?.dnssecOK ?? false, sizeLimit: sizeLimit(query, source),
            payloadSize: UInt16(truncatingIfNeeded: settings.maximumUDPSize),
            keepalive: wantsKeepalive ? announcedKeepalive : nil)
    }

    /// The longest answer for this client (RFC 6891 section 6.2.3).
    private func sizeLimit(_ query: ClientQuery, _ source: Source) -> Int {
        guard source.transport == .datagram else { return Int(UInt16.max) }
        return min(Int(max(query.edns?.payloadSize ?? 512, 512)), settings.maximumUDPSize)
    }

    /// Our TCP idle timeout in units of 100 ms.
    private var announcedKeepalive: UInt16 {
        UInt16(clamping: settings.streamIdleTimeout.microseconds / 100_000)
    }

    @inline(__always)
    private mutating func lookUp(
        _ key: CacheKey, _ question: Question, _ wanted: Reply, _ message: RawSpan, now: Instant,
        reply: inout MutableRawSpan
    ) -> CacheAnswer {
        guard cache.cache.isEnabled else { return .miss }
        return cache.cache.answer(
            key, question: questions.span(Self.arrivalSlot, length: question.byteCount),
            spelled: message.extracting(Question.offset..<question.end), as: wanted,
            now: seconds(now), into: &reply)
    }

    /// Lets the query wait for the exchange that asks the same, or starts one.
    private mutating func ask(
        _ arrival: Arrival, _ message: RawSpan, hasStale: Bool, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        if let exchange = underWay(arrival, now: now) {
            if hasStale { noteStale(exchange, now: now) }
            return join(exchange, arrival, message, now: now, reply: &reply)
        }
        guard let exchange = start(arrival, now: now) else {
            return refuseOverload(arrival, message, reply: &reply)
        }
        exchanges[Int(exchange.index)].hasStale = hasStale
        guard let query = enqueue(arrival, message, for: exchange) else {
            abandon(exchange)
            return refuseOverload(arrival, message, reply: &reply)
        }
        dispatch(exchange, now: now)
        return .pending(query)
    }

    private mutating func join(
        _ exchange: ExchangeID, _ arrival: Arrival, _ message: RawSpan, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        let index = Int(exchange.index)
        if exchanges[index].hasServedStale,
            let answer = answerStale(arrival, message, now: now, reply: &reply)
        {
            return answer
        }
        guard exchanges[index].queryCount < ForwarderLimits.queriesPerExchange,
            let query = enqueue(arrival, message, for: exchange)
        else { return refuseOverload(arrival, message, reply: &reply) }
        counters.joined &+= 1
        return .pending(query)
    }

    /// Answers with what has expired; `nil` when it has gone.
    private mutating func answerStale(
        _ arrival: Arrival, _ message: RawSpan, now: Instant, reply: inout MutableRawSpan
    ) -> Disposition? {
        let question = arrival.query.question
        let found = cache.cache.answerStale(
            arrival.key,
            question: questions.span(Self.arrivalSlot, length: question.byteCount),
            spelled: message.extracting(Question.offset..<question.end), as: arrival.reply,
            now: seconds(now), into: &reply)
        switch found {
        case .hit(let length, _):
            counters.stale &+= 1
            return .replied(length)
        case .tooLong:
            return answerLater(arrival, message, .stale, now: now, reply: &reply)
        case .miss, .expired: return nil
        }
    }

    /// Answers from memory once there is more room than now.
    mutating func answerLater(
        _ arrival: Arrival, _ message: RawSpan, _ outcome: PendingQuery.Outcome, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        guard let exchange = start(arrival, now: now) else {
            return refuseOverload(arrival, message, reply: &reply)
        }
        guard let query = enqueue(arrival, message, for: exchange) else {
            abandon(exchange)
            return refuseOverload(arrival, message, reply: &reply)
        }
        switch outcome {
        case .stale: counters.stale &+= 1
        case .local: counters.local &+= 1
        default: counters.cacheHits &+= 1
        }
        finish(exchange, outcome, now: now)
        return .pending(query)
    }

    private mutating func refuseOverload(
        _ arrival: Arrival, _ message: RawSpan, reply: inout MutableRawSpan
    ) -> Disposition {
        counters.overloaded &+= 1
        let query = arrival.query
        let refusal = Refusal(
            .serverFailure, id: query.id, flags: query.flags, question: query.question,
            edns: query.edns, extendedError: .notReady)
        return .replied(
            refusal.write(
                answering: message, payloadSize: UInt16(settings.maximumUDPSize), into: &reply))
    }
}
