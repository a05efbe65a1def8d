public import Collections
public import NetAddress

/// What the pool wants done with a connection.
public enum ConnectionAction: Equatable, Sendable {
    /// Connect to `server(of:)` and say what came of it under this id.
    case open(ConnectionID, upstream: Int)
    /// Close it; nothing more is to be heard under this id.
    case close(ConnectionID)
    /// Close the socket that this datagram left from.
    case finish(ConnectionID, messageID: UInt16)
}

/// Which upstream, which connection, which message id, and when to give up.
///
/// Owns no descriptor and reads no clock: methods are named for what happened, and what is to be
/// done comes out of `nextAction()`.
public struct Pool: ~Copyable {
    // Invariants:
    //   a slot of `slots` is in use exactly while its connection is connecting or ready
    //   states[u].current, when set, is in use and not retired
    //   a retired connection has a query that waits on it
    //   details[u] is set exactly while place u belongs to an upstream
    //   members holds the configured upstreams, group after group, preferred first; the rest wait
    //   for their last answer
    var states: FixedArray<UpstreamState>
    var details: [UpstreamDetails?]
    /// Apart from `states`, which every query looks at.
    var histograms: FixedArray<RoundTripHistogram>
    /// The places of the configured upstreams; each group has a stretch of it.
    var members: FixedArray<UInt8>
    var groups: FixedArray<GroupState>
    var connections: FixedArray<Connection>
    /// Where each connection leads; `nil` while the address is still to be found.
    var servers: [UpstreamServer?]
    var slots: FreeList
    var inFlight: InFlightTable
    /// Timers of connections, then of upstreams.
    var timers: TimerWheel
    var random: any RandomNumberGenerator
    var actions: [ConnectionAction] = []
    var actionsTaken = 0
    /// Counts changes of any upstream's health, so that a report is made only when one changed.
    public internal(set) var healthChanges = 0

    /// Makes a pool without upstreams; `random` gives the message ids their order.
    public init(now: Instant, random: any RandomNumberGenerator) {
        states = FixedArray(repeating: UpstreamState(), count: Limits.upstreamPlaces)
        details = Array(repeating: nil, count: Limits.upstreamPlaces)
        histograms = FixedArray(
            repeating: RoundTripHistogram(), count: Limits.upstreamPlaces)
        members = FixedArray(repeating: 0, count: Limits.upstreams)
        groups = FixedArray(repeating: GroupState(lastDemand: now), count: Limits.groups)
        let unused = Connection(upstream: 0, key: 0, now: now)
        connections = FixedArray(repeating: unused, count: Limits.connections)
        servers = Array(repeating: nil, count: Limits.connections)
        slots = FreeList(capacity: Limits.connections)
        inFlight = InFlightTable(connections: Limits.connections)
        timers = TimerWheel(capacity: Limits.connections + Limits.upstreamPlaces, now: now)
        self.random = random
    }

    /// The next thing to do, in order, or `nil` when all is done.
    public mutating func nextAction() -> ConnectionAction? {
        guard actionsTaken < actions.count else {
            // Nearly always there was nothing at all, and emptying takes its time.
            if actionsTaken > 0 { actions.removeAll(keepingCapacity: true) }
            actionsTaken = 0
            return nil
        }
        actionsTaken += 1
        return actions[actionsTaken - 1]
    }

    /// Whether `nextAction()` has something.
    public var hasActions: Bool { actionsTaken < actions.count }

    /// When `timerFired` wants to be called next.
    public var earliestTimer: Instant? { timers.earliest }

    /// The upstream at place `upstream`, while it is configured or still owes answers.
    public func target(at upstream: Int) -> UpstreamTarget? { details[upstream]?.target }

    /// The upstream that `connection` belongs to; `nil` when it is gone.
    public func target(of connection: ConnectionID) -> UpstreamTarget? {
        upstream(of: connection).flatMap { target(at: $0) }
    }

    /// Where `connection` leads; `nil` when it is gone, or while no address is known.
    public func server(of connection: ConnectionID) -> UpstreamServer? {
        slots.contains(connection) ? servers[Int(connection.index)] : nil
    }

    /// The upstream that `connection` leads to, or `nil` when it is gone.
    public func upstream(of connection: ConnectionID) -> Int? {
        slots.contains(connection) ? connections[Int(connection.index)].upstream : nil
    }

    /// What `connection` is, or `nil` when it is gone.
    public func carrier(of connection: ConnectionID) -> Carrier? {
        slots.contains(connection) ? connections[Int(connection.index)].carrier : nil
    }

    /// A number that only this pool knows, for the spelling of a datagram's name.
    public func spellingSeed(of messageID: UInt16, on connection: ConnectionID) -> UInt64 {
        let key = connections[Int(connection.index)].ids.key
        return (key ^ UInt64(messageID)) &* 0x9e37_79b9_7f4a_7c15
    }

    /// The configured upstreams, group after group, in order of preference, for reports.
    public var report: [UpstreamReport] {
        var reports: [UpstreamReport] = []
        for group in 0..<groups.count {
            for step in 0..<groups[group].count {
                let upstream = member(step, of: group)
                guard let known = details[upstream] else { continue }
                let current = states[upstream].current.flatMap { server(of: $0) }
                let preferred = known.servers.dropFirst(Int(states[upstream].preferredAddress))
                var report = UpstreamReport(
                    group: states[upstream].group, target: known.target,
                    server: current ?? preferred.first, health: states[upstream].health,
                    lastFailure: states[upstream].lastFailure, failureText: known.failureText)
                report.standing = standing(of: upstream)
                report.figures = states[upstream].figures
                report.figures.median = states[upstream].roundTrip.median
                report.figures.percentile95 = states[upstream].roundTrip.percentile95
                report.load = load(of: upstream)
                reports.append(report)
            }
        }
        return reports
    }

    private func standing(of upstream: Int) -> UpstreamStanding {
        func hasConnection(where condition: (Connection) -> Bool) -> Bool {
            (0..<slots.capacity).contains { index in
                slots.slot(at: index) != nil && connections[index].upstream == upstream
                    && condition(connections[index])
            }
        }
        return switch states[upstream].health {
        case .untried: .untried
        case .healthy: hasConnection { $0.isSuspect } ? .suspect : .healthy
        case .down: hasConnection { !$0.isRetired } ? .probing : .down
        }
    }

    /// The place of the upstream that stands at `step` in the order of `group`.
    func member(_ step: Int, of group: Int) -> Int {
        Int(members[groups[group].start &+ step])
    }

    /// The preferred upstream of `group` that is down: the one whose failure explains why nobody
    /// answers.
    public func downUpstream(of group: GroupID) -> Int? {
        let group = Int(group.number)
        for step in 0..<groups[group].count {
            let upstream = member(step, of: group)
            if states[upstream].failures > 0 { return upstream }
        }
        return nil
    }

    /// The first server of `group` that has not failed, or else the first.
    public func preferredServer(of group: GroupID) -> UpstreamServer? {
        let group = Int(group.number)
        guard groups[group].count > 0 else { return nil }
        let steps = 0..<groups[group].count
        let step = steps.first { states[member($0, of: group)].failures == 0 } ?? 0
        let upstream = member(step, of: group)
        return details[upstream]?.servers.dropFirst(Int(states[upstream].preferredAddress)).first
    }

    /// How many upstreams `group` has.
    public func upstreamCount(of group: GroupID) -> Int { groups[Int(group.number)].count }

    /// Whether a group other than `group` has been asked lately.
    public func isInDemand(besides group: GroupID, now: Instant) -> Bool {
        (0..<groups.count).contains {
            $0 != Int(group.number) && groups[$0].count > 0
                && now - groups[$0].lastDemand < Limits.probeInterest
        }
    }

    /// How upstreams of `group` are chosen.
    public func policy(of group: GroupID) -> UpstreamPolicy {
        groups[Int(group.number)].settings.policy
    }

    /// The last failure of the upstream at place `upstream`.
    public func lastFailure(of upstream: Int) -> UpstreamFailure? {
        states[upstream].lastFailure
    }

    /// The last failure of the upstream at place `upstream` as UTF-8 for EXTRA-TEXT, server first.
    public func explanation(of upstream: Int) -> [UInt8] {
        details[upstream]?.explanation ?? []
    }

    /// Why the upstream at place `upstream` has not answered, for EXTRA-TEXT: the last failure
    /// while it is down, and otherwise that it says nothing.
    public func explanationOfSilence(of upstream: Int) -> [UInt8] {
        guard let known = details[upstream] else { return [] }
        return states[upstream].failures > 0 ? known.explanation : known.silence
    }

    /// Whether no answer is owed on any connection.
    public var isIdle: Bool {
        for index in 0..<slots.capacity
        where slots.slot(at: index) != nil && connections[index].waiting > 0 {
            return false
        }
        return true
    }
}
