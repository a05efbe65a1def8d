internal import Collections
internal import NetAddress
internal import Upstream

// Asking elsewhere what waits on a connection of which nothing is to be expected soon.
extension Forwarder {
    /// Asks those again elsewhere that wait on a connection that has fallen silent.
    ///
    /// Of another upstream rather than of the same one over another connection. The silent one is
    /// left alone: what it owes may still come. Who is asked of two already gives one of them up
    /// when both have fallen silent.
    mutating func becameSuspect(_ connection: ConnectionID, now: Instant) {
        var position: UInt32 = 0
        while let (waiting, _) = pool.nextWaiting(on: connection, from: &position) {
            let index = Int(waiting)
            guard let exchange = exchangeSlots.slot(at: index) else { continue }
            guard exchanges[index].second == nil else {
                moveFromTwo(exchange, silent: connection, now: now)
                continue
            }
            moveFromOne(exchange, silent: connection, now: now)
        }
    }

    /// Asks elsewhere as well what waits on `connection` alone.
    mutating func moveFromOne(
        _ exchange: ExchangeID, silent connection: ConnectionID, now: Instant
    ) {
        let index = Int(exchange.index)
        var excluded = exchanges[index].tried
        if let upstream = pool.upstream(of: connection) { excluded.insert(upstream) }
        if !ask(exchange, excluding: excluded, now: now), !pool.isProbed(connection) {
            _ = ask(exchange, excluding: exchanges[index].tried, now: now)
        }
    }

    /// Gives up the asking on `connection` for another one if both have fallen silent.
    ///
    /// A hedge may be one at another address of the same upstream: that is asked over a third
    /// connection then where there is no other. What has moved from a silent connection before
    /// does not move on to yet another one of the same upstream.
    private mutating func moveFromTwo(
        _ exchange: ExchangeID, silent connection: ConnectionID, now: Instant
    ) {
        let index = Int(exchange.index)
        guard let first = exchanges[index].first, let second = exchanges[index].second,
            pool.isSuspect(first.connection), pool.isSuspect(second.connection)
        else { return }
        let (left, other) = first.connection == connection ? (first, second) : (second, first)
        var excluded = exchanges[index].tried
        excluded.insert(other.upstream)
        if !askInstead(of: left, exchange, excluding: excluded, now: now),
            exchanges[index].isHedged
        {
            askInstead(of: left, exchange, excluding: exchanges[index].tried, now: now)
        }
    }

    /// Asks those elsewhere that wait for a connection that takes long to come up.
    ///
    /// Nothing was sent for them yet, so asking elsewhere is not asking twice. Who waits for two
    /// such connections gives up the one that has taken longer.
    mutating func becameSlow(_ connection: ConnectionID, now: Instant) {
        var position: UInt32 = 0
        while let (waiting, _) = pool.nextWaiting(on: connection, from: &position) {
            let index = Int(waiting)
            guard let exchange = exchangeSlots.slot(at: index), let first = exchanges[index].first
            else { continue }
            var excluded = exchanges[index].tried
            excluded.insert(first.upstream)
            guard let second = exchanges[index].second else {
                _ = ask(exchange, excluding: excluded, now: now)
                continue
            }
            guard second.connection == connection, first.sentAt == nil else { continue }
            excluded.insert(second.upstream)
            askInstead(of: first, exchange, excluding: excluded, now: now)
        }
    }

    @discardableResult
    private mutating func askInstead(
        of attempt: Attempt, _ exchange: ExchangeID, excluding excluded: UpstreamSet, now: Instant
    ) -> Bool {
        let index = Int(exchange.index)
        guard exchanges[index].sends < ForwarderLimits.sends,
            let assignment = assign(index, excluding: excluded, now: now)
        else { return false }
        exchanges[index].removeAttempt(on: attempt.connection)
        pool.abandoned(attempt.messageID, on: attempt.connection)
        note(assignment, for: exchange, now: now)
        schedule(index, now: now)
        return true
    }
}
