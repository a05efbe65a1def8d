internal import Collections
internal import NetAddress
internal import Upstream

// Asking twice what takes longer than usual.
extension Forwarder {
    /// Asks another upstream as well when the first one has taken longer than it usually does, or
    /// else another address of it.
    ///
    /// Bounded to a part of all queries: were everything slow, asking twice would make it slower.
    /// Only to leave an upstream that does badly for one that is well is free.
    mutating func hedge(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard let first = exchanges[index].first,
            exchanges[index].askedAt + pool.patience(with: first.upstream) <= now
        else { return }
        if !exchanges[index].isLate {
            exchanges[index].isLate = true
            pool.wasLate(first.upstream)
        }
        let isFree = pool.isWorthLeaving(first.upstream, now: now)
        let hasCredit = hedgeCredit >= ForwarderLimits.hedgeCost
        let leaves = (isFree || hasCredit) && askAnother(exchange, now: now)
        guard leaves || (hasCredit && askAnotherAddress(exchange, now: now)) else { return }
        if !(leaves && isFree) { hedgeCredit -= ForwarderLimits.hedgeCost }
        counters.hedged &+= 1
        exchanges[index].isHedged = true
        exchanges[index].hedges &+= 1
    }

    /// Asks an upstream that is not being asked yet, if there is one.
    @discardableResult
    mutating func askAnother(_ exchange: ExchangeID, now: Instant) -> Bool {
        let index = Int(exchange.index)
        guard let first = exchanges[index].first, exchanges[index].second == nil else {
            return false
        }
        var excluded = exchanges[index].tried
        excluded.insert(first.upstream)
        return ask(exchange, excluding: excluded, now: now)
    }

    /// Asks the same upstream at another address, where nobody else can be asked.
    private mutating func askAnotherAddress(_ exchange: ExchangeID, now: Instant) -> Bool {
        let index = Int(exchange.index)
        guard let first = exchanges[index].first, exchanges[index].second == nil,
            exchanges[index].sends < ForwarderLimits.sends,
            let assignment = pool.assignOtherAddress(
                UInt16(index), besides: first.connection, now: now)
        else { return false }
        note(assignment, for: exchange, now: now)
        return true
    }
}
