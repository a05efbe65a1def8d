internal import Collections
internal import DNSWire
internal import NetAddress
internal import Upstream

extension Forwarder {
    /// Asks the best upstream that has not been tried, or fails the exchange when there is none.
    mutating func dispatch(_ exchange: ExchangeID, now: Instant) {
        guard !ask(exchange, excluding: exchanges[Int(exchange.index)].tried, now: now) else {
            return
        }
        fail(exchange)
    }

    /// Asks one more upstream; false when there is none left to ask.
    mutating func ask(
        _ exchange: ExchangeID, excluding excluded: UpstreamSet, now: Instant
    ) -> Bool {
        let index = Int(exchange.index)
        guard exchanges[index].sends < ForwarderLimits.sends,
            let assignment = pool.assign(UInt16(index), excluding: excluded, now: now)
        else { return false }
        let attempt = Attempt(
            connection: assignment.connection, upstream: assignment.upstream,
            messageID: assignment.messageID)
        if exchanges[index].first == nil {
            exchanges[index].first = attempt
        } else {
            exchanges[index].second = attempt
        }
        if assignment.isReady {
            send(exchange, on: assignment.connection, messageID: assignment.messageID)
        }
        let hedgeAt = now + ForwarderLimits.patience
        timers.schedule(index, at: min(hedgeAt, exchanges[index].deadline), now: now)
        return true
    }

    mutating func send(_ exchange: ExchangeID, on connection: ConnectionID, messageID: UInt16) {
        exchanges[Int(exchange.index)].sends &+= 1
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
        if !mayAskAgain || exchanges[index].sends >= ForwarderLimits.sendsToOneUpstream {
            exchanges[index].tried.insert(upstream)
        }
        guard !exchanges[index].isBeingAsked else { return }
        dispatch(exchange, now: now)
    }

    /// Asks another upstream as well, or ends the exchange when its time is up.
    mutating func patienceEnded(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard now < exchanges[index].deadline else {
            expire(exchange)
            return
        }
        if let first = exchanges[index].first, exchanges[index].second == nil {
            var excluded = exchanges[index].tried
            excluded.insert(first.upstream)
            if ask(exchange, excluding: excluded, now: now) { counters.hedged &+= 1 }
        }
        timers.schedule(index, at: exchanges[index].deadline, now: now)
    }

    /// Gives every waiting query the message at hand.
    mutating func deliver(_ exchange: ExchangeID) {
        counters.answered &+= UInt64(exchanges[Int(exchange.index)].queryCount)
        finish(exchange, .answer)
    }

    private mutating func expire(_ exchange: ExchangeID) {
        let index = Int(exchange.index)
        counters.expired &+= UInt64(exchanges[index].queryCount)
        finish(
            exchange,
            .expired(
                code: exchanges[index].heldCode ?? .serverFailure,
                upstream: exchanges[index].first?.upstream))
    }

    /// Ends an exchange that no upstream is left to ask for.
    mutating func fail(_ exchange: ExchangeID) {
        let index = Int(exchange.index)
        counters.failed &+= UInt64(exchanges[index].queryCount)
        let upstream = pool.downUpstream
        let reason = Self.reason(of: upstream.flatMap { pool.lastFailure(of: $0) })
        finish(
            exchange,
            .failure(
                code: exchanges[index].heldCode ?? .serverFailure, reason: reason,
                upstream: upstream))
    }

    private static func reason(of failure: UpstreamFailure?) -> ExtendedErrorCode {
        switch failure {
        case .misbehaved: .invalidData
        case .refused, .unreachable, .handshake, .verification, .closed: .networkError
        case .timedOut, .released, nil: .noReachableAuthority
        }
    }

    private mutating func finish(_ exchange: ExchangeID, _ outcome: PendingQuery.Outcome) {
        let index = Int(exchange.index)
        exchanges[index].isFinished = true
        self.index.remove(index)
        timers.cancel(index)
        if let attempt = exchanges[index].first {
            pool.abandoned(attempt.messageID, on: attempt.connection)
        }
        if let attempt = exchanges[index].second {
            pool.abandoned(attempt.messageID, on: attempt.connection)
        }
        exchanges[index].first = nil
        exchanges[index].second = nil
        var query = exchanges[index].firstQuery
        while query != .none {
            queries[Int(query.index)].outcome = outcome
            actions.append(.reply(query))
            query = queries[Int(query.index)].next
        }
    }
}
