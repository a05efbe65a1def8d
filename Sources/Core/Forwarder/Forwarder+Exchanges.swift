internal import Collections
internal import DNSCache
internal import DNSWire
internal import NetAddress
internal import Upstream

extension Forwarder {
    /// The exchange that asks what `arrival` asks and can still be waited for.
    ///
    /// Asking the same thing many times at once would make answers easier to forge and upstreams
    /// slower (RFC 5452 section 5). An exchange in the second half of its time is not joined:
    /// its deadline would be too near, unless it answers at once with what has expired.
    func underWay(_ arrival: Arrival, now: Instant) -> ExchangeID? {
        let length = arrival.query.question.byteCount
        var candidate = index.first(hash: arrival.key.hash)
        while let found = candidate {
            if exchanges[found].key == arrival.key, exchanges[found].questionLength == length,
                exchanges[found].hasServedStale
                    || exchanges[found].deadline - now >= settings.timeout / 2,
                questions.span(found, length: length).holds(
                    questions.span(Self.arrivalSlot, length: length), at: 0)
            {
                return exchangeSlots.slot(at: found)
            }
            candidate = index.next(after: found)
        }
        return nil
    }

    /// Makes an exchange for the question of `arrival`; nobody is asked and nobody waits yet.
    mutating func start(_ arrival: Arrival, now: Instant) -> ExchangeID? {
        guard let exchange = exchangeSlots.allocate() else { return nil }
        let index = Int(exchange.index)
        let length = arrival.query.question.byteCount
        questions.copySlot(Self.arrivalSlot, to: index, byteCount: length)
        exchanges[index] = Exchange(
            questionLength: length,
            flags: arrival.query.forwardedFlags.union(.authenticData),
            dnssecOK: arrival.reply.dnssecOK, key: arrival.key, startedAt: now,
            deadline: now + settings.timeout)
        exchanges[index].policy = pool.policy(of: exchanges[index].group)
        exchanges[index].domain = exchanges[index].policy == .hash ? domainHash(index) : 0
        self.index.insert(index, hash: arrival.key.hash)
        return exchange
    }

    /// A keyed hash of the last two labels of the exchange's name: what one provider gets to see.
    private func domainHash(_ index: Int) -> UInt64 {
        let length = exchanges[index].questionLength
        let question = questions.span(index, length: length)
        let start = Name.startOfDomain(in: question)
        return hash.hash(name: question.extracting(start..<(length - 4)))
    }

    /// Adds the query to those that wait for `exchange`; `nil` when too many wait already.
    mutating func enqueue(
        _ arrival: Arrival, _ message: RawSpan, for exchange: ExchangeID
    ) -> QueryID? {
        guard let query = querySlots.allocate() else { return nil }
        let index = Int(exchange.index)
        let spelling = CaseFolding.spelling(
            of: message, from: Question.offset, length: arrival.query.question.nameLength)
        queries[Int(query.index)] = PendingQuery(
            exchange: exchange, reply: arrival.reply, spelling: spelling)
        if exchanges[index].firstQuery == .none {
            exchanges[index].firstQuery = query
        } else {
            queries[Int(exchanges[index].lastQuery.index)].next = query
        }
        exchanges[index].lastQuery = query
        exchanges[index].queryCount += 1
        return query
    }

    /// Asks again for an answer that ends soon, unless that has been done a lot lately.
    mutating func prefetch(_ arrival: Arrival, now: Instant) {
        guard prefetchCredit >= ForwarderLimits.queriesPerPrefetch,
            underWay(arrival, now: now) == nil,
            let exchange = start(arrival, now: now)
        else { return }
        prefetchCredit -= ForwarderLimits.queriesPerPrefetch
        counters.prefetched &+= 1
        cache.cache.noteRefresh(
            arrival.key,
            question: questions.span(
                Self.arrivalSlot, length: arrival.query.question.byteCount))
        dispatch(exchange, now: now)
    }

    /// Asks the best upstream that has not been tried, or fails the exchange when there is none.
    mutating func dispatch(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard ask(exchange, excluding: exchanges[index].tried, now: now) else {
            return failProbing(exchange, now: now)
        }
        if hedgeCredit < ForwarderLimits.hedgeCreditBound { hedgeCredit &+= 1 }
        if exchanges[index].policy == .race {
            askAnother(exchange, now: now)
        } else if let first = exchanges[index].first, exchanges[index].second == nil,
            let probe = pool.assignProbe(
                UInt16(index), of: exchanges[index].group, besides: first.upstream, now: now)
        {
            note(probe, for: exchange, now: now)
        }
    }

    mutating func assign(
        _ index: Int, excluding excluded: UpstreamSet, now: Instant
    ) -> Assignment? {
        pool.assign(
            UInt16(index), of: exchanges[index].group, excluding: excluded,
            domain: exchanges[index].domain, now: now)
    }

    /// Asks one more upstream; false when there is none left to ask.
    mutating func ask(
        _ exchange: ExchangeID, excluding excluded: UpstreamSet, now: Instant
    ) -> Bool {
        let index = Int(exchange.index)
        guard exchanges[index].sends < ForwarderLimits.sends,
            let assignment = assign(index, excluding: excluded, now: now)
        else { return false }
        note(assignment, for: exchange, now: now)
        schedule(index, now: now)
        return true
    }

    /// Takes note of an asking, and sends the query if it can be sent.
    mutating func note(
        _ assignment: Assignment, for exchange: ExchangeID, now: Instant
    ) {
        let index = Int(exchange.index)
        let attempt = Attempt(
            connection: assignment.connection, upstream: assignment.upstream,
            messageID: assignment.messageID, sentAt: nil)
        if exchanges[index].first == nil {
            exchanges[index].first = attempt
            exchanges[index].askedAt = now
        } else {
            exchanges[index].second = attempt
        }
        if assignment.isReady {
            send(exchange, on: assignment.connection, messageID: assignment.messageID, now: now)
        }
    }

    mutating func send(
        _ exchange: ExchangeID, on connection: ConnectionID, messageID: UInt16, now: Instant
    ) {
        exchanges[Int(exchange.index)].sends &+= 1
        exchanges[Int(exchange.index)].sent(on: connection, now: now)
        counters.sent &+= 1
        actions.append(.send(connection, exchange, messageID: messageID))
    }

    /// Goes on without the asking on `connection`, which ended without an answer.
    ///
    /// `mayAskAgain` says whether the same upstream is worth another connection.
    mutating func lostAttempt(
        of exchange: ExchangeID, on connection: ConnectionID, upstream: Int, mayAskAgain: Bool,
        now: Instant
    ) {
        let index = Int(exchange.index)
        exchanges[index].removeAttempt(on: connection)
        // What was sent for slowness says nothing of how often a connection has ended.
        let sends = Int(exchanges[index].sends) - Int(exchanges[index].hedges)
        if !mayAskAgain || sends >= ForwarderLimits.sendsToOneUpstream {
            exchanges[index].tried.insert(upstream)
        }
        guard let left = exchanges[index].first else { return dispatch(exchange, now: now) }
        if !waitOn(exchange, for: left, now: now) { failProbing(exchange, now: now) }
    }

    /// Waits for the only asking that is left, or asks elsewhere as well if nothing is to be
    /// expected of it soon.
    ///
    /// False when there is an error to pass on and no more than this to wait for: a connection
    /// that is silent, to an upstream that was asked over another one since.
    mutating func waitOn(_ exchange: ExchangeID, for left: Attempt, now: Instant) -> Bool {
        let index = Int(exchange.index)
        schedule(index, now: now)
        guard pool.isSuspect(left.connection) else { return true }
        // It was not moved when the connection fell silent, for there was another asking.
        moveFromOne(exchange, silent: left.connection, now: now)
        return exchanges[index].second != nil || exchanges[index].heldCode == nil
            || !exchanges[index].tried.contains(left.upstream)
    }

    /// Sets the timer to the next time at which something is to be done.
    mutating func schedule(_ index: Int, now: Instant) {
        var next = exchanges[index].deadline
        if let resend = resendTime(index) { next = min(next, resend) }
        if let first = exchanges[index].first, exchanges[index].second == nil,
            pool.upstreamCount(of: exchanges[index].group) > 1
                || pool.hasOtherAddress(first.upstream)
        {
            let patience = pool.patience(with: first.upstream)
            let due = exchanges[index].askedAt + patience
            next = min(next, due > now ? due : now + patience)
        }
        let staleAt = exchanges[index].startedAt + ForwarderLimits.staleAfter
        if exchanges[index].hasStale, !exchanges[index].hasServedStale, staleAt > now {
            next = min(next, staleAt)
        }
        timers.schedule(index, at: next, now: now)
    }

    /// Does what is due: gives an expired answer, asks another upstream as well, or ends it.
    mutating func timeCame(for exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard now < exchanges[index].deadline else {
            expire(exchange, now: now)
            return
        }
        if exchanges[index].hasStale, !exchanges[index].hasServedStale,
            now >= exchanges[index].startedAt + ForwarderLimits.staleAfter
        {
            serveStale(exchange)
        }
        hedge(exchange, now: now)
        resend(exchange, now: now)
        schedule(index, now: now)
    }

    /// Notes that a client waits who would take the expired answer.
    mutating func noteStale(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard !exchanges[index].hasStale else { return }
        exchanges[index].hasStale = true
        if now >= exchanges[index].startedAt + ForwarderLimits.staleAfter {
            serveStale(exchange)
        } else {
            schedule(index, now: now)
        }
    }

    /// Gives those who wait the expired answer, and goes on asking for a fresh one.
    private mutating func serveStale(_ exchange: ExchangeID) {
        exchanges[Int(exchange.index)].hasServedStale = true
        counters.stale &+= UInt64(exchanges[Int(exchange.index)].queryCount)
        answerWaiting(exchange, .stale)
    }

    /// Gives every waiting query the message at hand.
    mutating func deliver(_ exchange: ExchangeID, now: Instant) {
        counters.answered &+= UInt64(exchanges[Int(exchange.index)].queryCount)
        finish(exchange, .answer, now: now)
    }

    private mutating func expire(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        cache.cache.questionExpired(
            askedAt: exchanges[index].startedAt, route: exchanges[index].key.route)
        rememberFailure(of: exchange, now: now)
        if endWithStale(exchange, now: now) { return }
        counters.expired &+= UInt64(exchanges[index].queryCount)
        let code = exchanges[index].heldCode ?? .serverFailure
        let upstream = exchanges[index].first?.upstream
        finish(exchange, .expired(code: code, upstream: upstream), now: now)
    }

    /// Ends an exchange that no upstream is left to ask for.
    mutating func fail(_ exchange: ExchangeID, now: Instant) {
        if endWithStale(exchange, now: now) { return }
        counters.failed &+= UInt64(exchanges[Int(exchange.index)].queryCount)
        finish(exchange, failure(of: exchange), now: now)
    }

    private func failure(of exchange: ExchangeID) -> PendingQuery.Outcome {
        let upstream = pool.downUpstream(of: exchanges[Int(exchange.index)].group)
        let reason = Self.reason(of: upstream.flatMap { pool.lastFailure(of: $0) })
        let code = exchanges[Int(exchange.index)].heldCode ?? .serverFailure
        return .failure(code: code, reason: reason, upstream: upstream)
    }

    /// Answers those who wait that nobody can be asked, and asks one that has fallen silent all the
    /// same: its answer is the first sign that it is back.
    private mutating func failProbing(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard now < exchanges[index].deadline, exchanges[index].firstQuery != .none,
            let probe = pool.assignProbe(
                UInt16(index), of: exchanges[index].group, besides: nil, now: now)
        else { return fail(exchange, now: now) }
        // Who asks the same is not to wait for it.
        self.index.remove(index)
        let count = UInt64(exchanges[index].queryCount)
        if exchanges[index].hasStale {
            exchanges[index].hasServedStale = true
            counters.stale &+= count
            answerWaiting(exchange, .stale)
        } else {
            counters.failed &+= count
            answerWaiting(exchange, failure(of: exchange))
        }
        note(probe, for: exchange, now: now)
        schedule(index, now: now)
    }

    /// Ends an exchange without an answer with the expired one; false where there is none.
    private mutating func endWithStale(_ exchange: ExchangeID, now: Instant) -> Bool {
        let index = Int(exchange.index)
        guard exchanges[index].hasStale else { return false }
        counters.stale &+= UInt64(exchanges[index].queryCount)
        finish(exchange, .stale, now: now)
        return true
    }

    private static func reason(of failure: UpstreamFailure?) -> ExtendedErrorCode {
        switch failure {
        case .misbehaved: .invalidData
        case .refused, .unresolved, .unreachable, .cutOff, .handshake, .verification, .closed:
            .networkError
        case .timedOut, .silent, .released, nil: .noReachableAuthority
        }
    }

    mutating func finish(
        _ exchange: ExchangeID, _ outcome: PendingQuery.Outcome, now: Instant
    ) {
        let index = Int(exchange.index)
        exchanges[index].isFinished = true
        timers.cancel(index)
        self.index.remove(index)
        if let attempt = exchanges[index].first {
            pool.abandoned(attempt.messageID, on: attempt.connection)
        }
        if let attempt = exchanges[index].second {
            pool.abandoned(attempt.messageID, on: attempt.connection)
        }
        exchanges[index].first = nil
        exchanges[index].second = nil
        answerWaiting(exchange, outcome)
        if exchanges[index].isLookUp { lookUpFailed(index, now: now) }
        freeIfUnused(exchange)
    }

    /// Ends an exchange for which nobody waits and nobody was asked.
    mutating func abandon(_ exchange: ExchangeID) {
        let index = Int(exchange.index)
        exchanges[index].isFinished = true
        self.index.remove(index)
        freeIfUnused(exchange)
    }

    /// Decides how those who wait are answered; they no longer wait for the exchange.
    private mutating func answerWaiting(
        _ exchange: ExchangeID, _ outcome: PendingQuery.Outcome
    ) {
        let index = Int(exchange.index)
        var query = exchanges[index].firstQuery
        exchanges[index].firstQuery = .none
        while query != .none {
            queries[Int(query.index)].outcome = outcome
            actions.append(.reply(query))
            query = queries[Int(query.index)].next
        }
    }

    mutating func freeIfUnused(_ exchange: ExchangeID) {
        let index = Int(exchange.index)
        guard exchanges[index].isFinished, exchanges[index].queryCount == 0 else { return }
        exchangeSlots.free(exchange)
    }
}
