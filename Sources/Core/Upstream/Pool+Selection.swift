public import Collections
public import NetAddress

/// Where an exchange was put: on which connection and under which id.
public struct Assignment: Equatable, Sendable {
    public let connection: ConnectionID
    public let upstream: Int
    public let messageID: UInt16
    /// Whether the query can be sent now; otherwise it is when the connection is up.
    public let isReady: Bool
}

extension Pool {
    /// How long the upstream's answer is waited for before another one is asked as well.
    ///
    /// As long as nearly all of its answers take, but no more than three times what half of them
    /// take: where some answers are always slow, those are the ones worth asking for again.
    public func patience(with upstream: Int) -> Interval {
        let known = states[upstream].roundTrip
        guard known.isKnown else { return Limits.firstPatience }
        let usual = min(known.percentile95, known.median * 3)
        return min(max(usual, Limits.shortestPatience), Limits.longestPatience)
    }

    /// Puts `exchange` on a connection of the best upstream of `group` that is not in `tried`.
    ///
    /// `domain` is a keyed hash of the domain asked about, for the `hash` policy. Opens a
    /// connection where that takes one. `nil` when no upstream is worth waiting for.
    public mutating func assign(
        _ exchange: UInt16, of group: GroupID = .main, excluding tried: UpstreamSet,
        domain: UInt64 = 0, now: Instant
    ) -> Assignment? {
        groups[Int(group.number)].lastDemand = now
        probeDownUpstreams(of: group, now: now)
        let group = Int(group.number)
        let first = firstChoice(group, domain, now: now)
        // A connection can turn out to have no id left; it is worn then and the next choice is
        // another one.
        for _ in 0..<Limits.connectionsPerUpstream {
            guard let connection = selectConnection(group, first, excluding: tried, now: now)
            else {
                return nil
            }
            if let assignment = put(exchange, on: connection, now: now) { return assignment }
        }
        return nil
    }

    mutating func put(
        _ exchange: UInt16, on connection: ConnectionID, now: Instant
    ) -> Assignment? {
        let index = Int(connection.index)
        guard let position = takePosition(index, for: exchange) else { return nil }
        connections[index].waiting += 1
        states[connections[index].upstream].figures.queries &+= 1
        connections[index].lastActivity = now
        let isReady = connections[index].phase == .ready
        if isReady, connections[index].quietSince == nil {
            connections[index].quietSince = now
            scheduleCheck(index, now: now)
        }
        return Assignment(
            connection: connection, upstream: connections[index].upstream,
            messageID: connections[index].ids.id(at: position), isReady: isReady)
    }

    /// Where in the order of `group` to begin looking, by policy.
    private mutating func firstChoice(_ group: Int, _ domain: UInt64, now: Instant) -> Int {
        let count = UInt64(groups[group].count)
        guard count > 1 else { return 0 }
        switch groups[group].settings.policy {
        case .ordered, .race: return 0
        case .hash: return Int(domain % count)
        case .balance:
            let one = Int(random.next() % count)
            let other = Int(random.next() % count)
            return expectedWait(member(one, of: group), now: now)
                <= expectedWait(member(other, of: group), now: now) ? one : other
        }
    }

    /// How long an answer would take by what is known: the usual time, longer with queries ahead.
    private func expectedWait(_ upstream: Int, now: Instant) -> Interval {
        guard isInGoodStanding(upstream, now: now) else { return Interval(microseconds: .max) }
        let waiting = states[upstream].current.map { connections[Int($0.index)].waiting } ?? 0
        let median = max(states[upstream].roundTrip.median, .milliseconds(1))
        return median * UInt64(waiting + 1)
    }

    /// The upstream `step` places after `first` in the order of `group`, which has no end.
    private func member(_ step: Int, after first: Int, of group: GroupState) -> Int {
        let place = first &+ step
        return Int(members[group.start &+ (place < group.count ? place : place &- group.count)])
    }

    /// In order of preference: an upstream in good standing; one that is connected or about to
    /// be, however it stands; one that failed and whose pause is over.
    ///
    /// None that has just been found not to react, unless it is connected again.
    private mutating func selectConnection(
        _ group: Int, _ first: Int, excluding tried: UpstreamSet, now: Instant
    ) -> ConnectionID? {
        let group = groups[group]
        for step in 0..<group.count {
            let upstream = member(step, after: first, of: group)
            if !tried.contains(upstream), isInGoodStanding(upstream, now: now),
                let connection = usableConnection(of: upstream, now: now)
            {
                return connection
            }
        }
        for step in 0..<group.count {
            let upstream = member(step, after: first, of: group)
            if !tried.contains(upstream), !states[upstream].isKnownSilent(now: now),
                let current = states[upstream].current, hasRoom(current)
            {
                return current
            }
        }
        for step in 0..<group.count {
            let upstream = member(step, after: first, of: group)
            if !tried.contains(upstream), !states[upstream].isKnownSilent(now: now),
                let connection = usableConnection(of: upstream, now: now)
            {
                return connection
            }
        }
        return nil
    }

    /// Whether it can be expected to answer: connected, or not failed and not slow to connect;
    /// somewhere, first of all.
    ///
    /// An upstream on probation is connected and yet may not answer.
    func isInGoodStanding(_ upstream: Int, now: Instant) -> Bool {
        guard !states[upstream].isOnProbation, !isDoubted(upstream, now: now) else { return false }
        guard let current = states[upstream].current else {
            return states[upstream].failures == 0 && states[upstream].addressCount > 0
        }
        let connection = connections[Int(current.index)]
        if connection.phase != .connecting { return true }
        return states[upstream].failures == 0
            && now - connection.contactedAt < Limits.handshakePatience
    }

    /// Its connection, or a new one when it has none that takes queries and may be contacted.
    private mutating func usableConnection(of upstream: Int, now: Instant) -> ConnectionID? {
        if let current = states[upstream].current {
            if !isBusy(current), hasRoom(current) { return current }
            if connections[Int(current.index)].isWorn {
                retire(current, now: now)
                return usableConnection(of: upstream, now: now)
            }
            // Each datagram has a socket of its own: a second connection would only double them.
            if connections[Int(current.index)].carrier == .datagram {
                return hasRoom(current) ? current : nil
            }
            return lessBusyConnection(of: upstream, besides: current, now: now)
        }
        guard states[upstream].retryAt <= now,
            states[upstream].addressCount > 0 || states[upstream].failures == 0
        else { return nil }
        return open(upstream, now: now)
    }

    /// The second connection, opened when the first has as many queries under way as it may.
    private mutating func lessBusyConnection(
        of upstream: Int, besides current: ConnectionID, now: Instant
    ) -> ConnectionID? {
        if let extra = states[upstream].extra, hasRoom(extra), !isBusy(extra) { return extra }
        let maximum = settings(of: upstream).maximumConnections
        if states[upstream].extra == nil, maximum > 1,
            let extra = open(upstream, now: now, asExtra: true)
        {
            return extra
        }
        return hasRoom(current) ? current : nil
    }

    private func isBusy(_ connection: ConnectionID) -> Bool {
        let state = connections[Int(connection.index)]
        return state.waiting >= settings(of: state.upstream).maximumInFlight
    }

    func settings(of upstream: Int) -> GroupSettings {
        groups[Int(states[upstream].group.number)].settings
    }

    func hasRoom(_ connection: ConnectionID) -> Bool {
        let state = connections[Int(connection.index)]
        if state.carrier == .datagram {
            return !state.isWorn && state.waiting < Limits.datagramsInFlight
        }
        return !state.isWorn && state.waiting + state.abandoned < Limits.inFlight
    }

    /// Takes the next position whose table entry is free and gives it to `exchange`.
    private mutating func takePosition(_ index: Int, for exchange: UInt16) -> UInt16? {
        for _ in 0..<Limits.inFlightProbes {
            guard connections[index].nextPosition < Limits.idsPerConnection else { return nil }
            let position = UInt16(truncatingIfNeeded: connections[index].nextPosition)
            connections[index].nextPosition += 1
            if inFlight.isFree(index, position) {
                inFlight.set(index, position, to: exchange)
                return position
            }
        }
        return nil
    }
}
