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
    /// Puts `exchange` on a connection of the best upstream that is not in `tried`.
    ///
    /// Opens a connection where that takes one. `nil` when no upstream is worth waiting for.
    public mutating func assign(
        _ exchange: UInt16, excluding tried: UpstreamSet, now: Instant
    ) -> Assignment? {
        lastDemand = now
        probeDownUpstreams(now: now)
        // A connection can turn out to have no id left; it is worn then and the next choice is
        // another one.
        for _ in 0..<Limits.connectionsPerUpstream {
            guard let connection = selectConnection(excluding: tried, now: now) else { return nil }
            let index = Int(connection.index)
            guard let position = takePosition(index, for: exchange) else { continue }
            connections[index].waiting += 1
            connections[index].lastActivity = now
            return Assignment(
                connection: connection, upstream: connections[index].upstream,
                messageID: connections[index].ids.id(at: position),
                isReady: connections[index].phase == .ready)
        }
        return nil
    }

    /// In order of preference: an upstream in good standing; one that is connected or about to
    /// be, however it stands; one that failed and whose pause is over.
    private mutating func selectConnection(
        excluding tried: UpstreamSet, now: Instant
    ) -> ConnectionID? {
        for upstream in order where !tried.contains(upstream) {
            if isInGoodStanding(upstream, now: now),
                let connection = usableConnection(of: upstream, now: now)
            {
                return connection
            }
        }
        for upstream in order where !tried.contains(upstream) {
            if let current = states[upstream].current, hasRoom(current) { return current }
        }
        for upstream in order where !tried.contains(upstream) {
            if let connection = usableConnection(of: upstream, now: now) { return connection }
        }
        return nil
    }

    /// Whether it is connected, or has not failed since it last answered and is not slow to
    /// connect.
    ///
    /// A connection in the background that came up is proof enough to return to an upstream; one
    /// that fails again before it answers is left alone for longer each time.
    private func isInGoodStanding(_ upstream: Int, now: Instant) -> Bool {
        guard let current = states[upstream].current else { return states[upstream].failures == 0 }
        let connection = connections[Int(current.index)]
        if connection.phase != .connecting { return true }
        return states[upstream].failures == 0
            && now - connection.openedAt < Limits.handshakePatience
    }

    /// Its connection, or a new one when it has none and may be contacted.
    private mutating func usableConnection(of upstream: Int, now: Instant) -> ConnectionID? {
        if let current = states[upstream].current {
            if hasRoom(current) { return current }
            guard connections[Int(current.index)].isWorn else { return nil }
            retire(current, now: now)
        }
        guard states[upstream].retryAt <= now else { return nil }
        return open(upstream, now: now)
    }

    private func hasRoom(_ connection: ConnectionID) -> Bool {
        let state = connections[Int(connection.index)]
        return !state.isWorn && state.waiting + state.abandoned < Limits.inFlight
    }

    /// Starts connecting; the upstream has no other connection that takes queries.
    mutating func open(_ upstream: Int, now: Instant) -> ConnectionID? {
        guard let connection = slots.allocate() else { return nil }
        let index = Int(connection.index)
        connections[index] = Connection(upstream: upstream, key: random.next(), now: now)
        inFlight.reset(index)
        states[upstream].current = connection
        timers.schedule(index, at: now + Limits.handshakeDeadline, now: now)
        actions.append(.open(connection, upstream: upstream))
        return connection
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

    /// Connects in the background to upstreams whose pause after a failure is over, so that no
    /// client pays for finding out whether they are back.
    mutating func probeDownUpstreams(now: Instant) {
        guard now - lastDemand < Limits.probeInterest else { return }
        for upstream in order {
            guard states[upstream].failures > 0, states[upstream].current == nil,
                states[upstream].retryAt <= now
            else { continue }
            _ = open(upstream, now: now)
        }
    }
}
