internal import Collections
internal import DNSWire
public import NetAddress

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
        switch QueryVerdict(message) {
        case .drop:
            counters.dropped &+= 1
            return .ignored
        case .refuse(let refusal):
            return answer(refusal, to: message, from: source, reply: &reply)
        case .accept(let query):
            counters.queries &+= 1
            return forward(query, of: message, from: source, now: now, reply: &reply)
        }
    }

    /// Whether an answer to `source` would reach a client and not a crowd, nobody or ourselves.
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
        return .replied(
            refusal.write(
                answering: message, payloadSize: UInt16(settings.maximumUDPSize), into: &reply))
    }

    /// Lets the query wait for an exchange about the same question, or for a new one.
    private mutating func forward(
        _ query: ClientQuery, of message: RawSpan, from source: Source, now: Instant,
        reply: inout MutableRawSpan
    ) -> Disposition {
        guard let queryID = querySlots.allocate() else {
            return refuseOverload(query, message, source, reply: &reply)
        }
        let free = exchangeSlots.allocate()
        let index = free.map { Int($0.index) } ?? Self.spareQuestion
        let spelling = fold(query.question, of: message, to: index)
        let hash = questionHash.hash(
            questions.span(index, length: query.question.byteCount))
        let known = exchange(asking: query, at: index, hash: hash, now: now)
        guard let exchange = known ?? free else {
            querySlots.free(queryID)
            return refuseOverload(query, message, source, reply: &reply)
        }
        queries[Int(queryID.index)] = PendingQuery(
            exchange: exchange, id: query.id, flags: query.flags, spelling: spelling,
            hasEDNS: query.edns != nil, dnssecOK: query.edns?.dnssecOK ?? false,
            wantsKeepalive: source.transport == .stream && (query.edns?.hasKeepalive ?? false),
            sizeLimit: sizeLimit(query, source))
        if known == nil {
            begin(exchange, query, queryID, hash: hash, now: now)
        } else {
            if let free { exchangeSlots.free(free) }
            join(exchange, queryID)
        }
        return .pending(queryID)
    }

    /// An exchange under way for the question at `place` with the bits of `query`.
    ///
    /// Asking the same thing many times at once would make answers easier to forge and upstreams
    /// slower (RFC 5452 section 5). An exchange in the second half of its time is not joined:
    /// its deadline would be too near.
    private func exchange(
        asking query: ClientQuery, at place: Int, hash: UInt64, now: Instant
    ) -> ExchangeID? {
        let length = query.question.byteCount
        var candidate = index.first(hash: hash)
        while let found = candidate {
            if exchanges[found].questionLength == length,
                exchanges[found].flags == query.forwardedFlags,
                exchanges[found].dnssecOK == query.edns?.dnssecOK ?? false,
                exchanges[found].deadline - now >= settings.timeout / 2,
                QuestionHash.areEqual(
                    questions.span(found, length: length), questions.span(place, length: length))
            {
                return exchangeSlots.slot(at: found)
            }
            candidate = index.next(after: found)
        }
        return nil
    }

    private mutating func begin(
        _ exchange: ExchangeID, _ query: ClientQuery, _ queryID: QueryID, hash: UInt64,
        now: Instant
    ) {
        let place = Int(exchange.index)
        exchanges[place] = Exchange(
            questionLength: query.question.byteCount, flags: query.forwardedFlags,
            dnssecOK: query.edns?.dnssecOK ?? false, deadline: now + settings.timeout,
            query: queryID)
        index.insert(place, hash: hash)
        dispatch(exchange, now: now)
    }

    private mutating func join(_ exchange: ExchangeID, _ queryID: QueryID) {
        let place = Int(exchange.index)
        counters.joined &+= 1
        queries[Int(exchanges[place].lastQuery.index)].next = queryID
        exchanges[place].lastQuery = queryID
        exchanges[place].queryCount += 1
    }

    /// Copies the question in lower case, TYPE and CLASS as they are.
    private mutating func fold(
        _ question: Question, of message: RawSpan, to index: Int
    ) -> SpellingMask {
        var target = questions.mutableSpan(index)
        let mask = CaseFolding.fold(
            message, from: Question.offset, length: question.nameLength, into: &target)
        let fields = Question.offset &+ question.nameLength
        target.copy(message, fields..<(fields &+ 4), to: question.nameLength)
        return mask
    }

    /// The longest answer for this client (RFC 6891 section 6.2.3).
    private func sizeLimit(_ query: ClientQuery, _ source: Source) -> UInt16 {
        guard source.transport == .datagram else { return .max }
        let announced = max(query.edns?.payloadSize ?? 512, 512)
        return min(announced, UInt16(clamping: settings.maximumUDPSize))
    }

    private mutating func refuseOverload(
        _ query: ClientQuery, _ message: RawSpan, _ source: Source,
        reply: inout MutableRawSpan
    ) -> Disposition {
        counters.overloaded &+= 1
        let refusal = Refusal(
            .serverFailure, id: query.id, flags: query.flags, question: query.question,
            edns: query.edns, extendedError: .notReady)
        return .replied(
            refusal.write(
                answering: message, payloadSize: UInt16(settings.maximumUDPSize), into: &reply))
    }
}
