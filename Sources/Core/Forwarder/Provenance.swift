public import Collections
public import NetAddress
internal import Upstream

/// How the answer to a query came about, for people.
public enum Provenance: Equatable, Sendable {
    /// It was in memory.
    case memory
    /// It was in memory and had expired; nobody had a better one in time.
    case stale
    /// A server gave it, after so long; `sends` counts the askings, retries and hedges included.
    case upstream(UpstreamTarget, roundTrip: Interval, sends: Int)
    /// It is known here: a name of this machine or its networks, or one that is blocked.
    case local
    /// A server gave one that is not believed: a public name with a private address.
    case screened
    /// A server gave one that leads to a name which is not resolved.
    case filtered
    /// No server gave any.
    case failure
}

extension Forwarder {
    /// How the answer came about that `writeReply` would write to `query` now.
    public func provenance(of query: QueryID) -> Provenance {
        guard querySlots.contains(query) else { return .failure }
        let pending = queries[Int(query.index)]
        switch pending.outcome {
        case .cached: return .memory
        case .stale: return .stale
        case .local: return .local
        case .screened: return .screened
        case .filtered: return .filtered
        case .failure, .expired, .waiting: return .failure
        case .answer:
            let exchange = exchanges[Int(pending.exchange.index)]
            guard let upstream = exchange.answeredBy, let target = pool.target(at: Int(upstream))
            else { return .failure }
            return .upstream(target, roundTrip: exchange.roundTrip, sends: Int(exchange.sends))
        }
    }
}
