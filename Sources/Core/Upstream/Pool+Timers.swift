public import Collections
public import NetAddress

extension Pool {
    /// What a timer found, that concerns the exchanges of a connection.
    public enum Finding: Equatable, Sendable {
        /// TCP and TLS took too long.
        case handshakeTimedOut(ConnectionID)
        /// TCP and TLS take longer than usual: who waits may be asked elsewhere.
        case slow(ConnectionID)
        /// It owes answers and is quiet: its queries are to be asked elsewhere as well.
        case suspect(ConnectionID)
        /// It has gone on being quiet.
        case silent(ConnectionID)
    }

    /// The next connection about which something is to be done, or `nil`.
    ///
    /// Also closes idle connections and probes upstreams whose pause is over. Called until it
    /// gives `nil`; the caller reports those as lost that timed out or are silent.
    public mutating func timerFired(now: Instant) -> Finding? {
        while let index = timers.popExpired(now: now) {
            if index >= Limits.connections {
                upstreamTimerFired(index - Limits.connections, now: now)
            } else if let connection = slots.slot(at: index) {
                if connections[index].phase == .connecting {
                    return checkHandshake(connection, now: now)
                }
                if let finding = checkSilence(connection, now: now) { return finding }
                closeIfIdle(connection, now: now)
            }
        }
        return nil
    }

    private mutating func checkHandshake(_ connection: ConnectionID, now: Instant) -> Finding {
        let index = Int(connection.index)
        let deadline = connections[index].openedAt + Limits.handshakeDeadline
        guard now < deadline else { return .handshakeTimedOut(connection) }
        timers.schedule(index, at: deadline, now: now)
        tryAnotherAddress(beside: connection, now: now)
        return .slow(connection)
    }

    /// How long a connection may be quiet while it owes answers.
    private func allowedSilence(_ state: Connection) -> Interval {
        // A datagram that was lost is sent again first.
        if state.carrier == .datagram { return Limits.longestSilence }
        let usual = states[state.upstream].roundTrip.percentile95 * Limits.silenceFactor
        return min(max(usual, Limits.silence), Limits.longestSilence)
    }

    /// Whether it owes answers and has fallen silent.
    public func isSuspect(_ connection: ConnectionID) -> Bool {
        slots.contains(connection) && connections[Int(connection.index)].isSuspect
    }

    /// Whether it is the connection on which an upstream on probation has to show that it answers.
    public func isProbed(_ connection: ConnectionID) -> Bool {
        guard slots.contains(connection) else { return false }
        let state = connections[Int(connection.index)]
        return states[state.upstream].isOnProbation && !state.isSuspect
    }

    /// It stays in use, as nothing but probes is sent over it; queries from before go elsewhere.
    private mutating func checkProbed(
        _ connection: ConnectionID, _ quietSince: Instant, now: Instant
    ) -> Finding? {
        let index = Int(connection.index)
        guard quietSince + Limits.probationSilence > now else { return .silent(connection) }
        guard !connections[index].isLeft, quietSince + allowedSilence(connections[index]) <= now
        else { return nil }
        connections[index].isLeft = true
        scheduleCheck(index, now: now)
        return .suspect(connection)
    }

    private mutating func checkSilence(_ connection: ConnectionID, now: Instant) -> Finding? {
        let index = Int(connection.index)
        guard let quietSince = connections[index].quietSince else { return nil }
        if isProbed(connection) { return checkProbed(connection, quietSince, now: now) }
        let allowed = allowedSilence(connections[index])
        guard quietSince + allowed <= now else { return nil }
        if connections[index].carrier == .datagram {
            return provesSilence(connections[index]) ? .silent(connection) : nil
        }
        if connections[index].isSuspect {
            guard quietSince + allowed * 2 <= now else { return nil }
            return provesSilence(connections[index]) ? .silent(connection) : nil
        }
        connections[index].isSuspect = true
        if provesSilence(connections[index]) {
            states[connections[index].upstream].doubtedUntil = now + allowed * 2
        }
        forgetAsUsable(connection)
        preferAnotherAddress(than: connection)
        scheduleCheck(index, now: now)
        return .suspect(connection)
    }

    /// One question without an answer may be a hard question; two say that nobody is there.
    private func provesSilence(_ state: Connection) -> Bool {
        state.waiting + state.abandoned > 1
    }

    /// Sets the timer of a connection that is up to the next time at which it is to be looked at.
    mutating func scheduleCheck(_ index: Int, now: Instant) {
        let state = connections[index]
        var next = state.lastActivity + state.idleTimeout
        if let quietSince = state.quietSince {
            let allowed = allowedSilence(state)
            let due =
                quietSince
                + (state.isLeft
                    ? Limits.probationSilence : state.isSuspect ? allowed * 2 : allowed)
            next = min(next, due > now ? due : now + Limits.silence)
        }
        timers.schedule(index, at: max(next, now), now: now)
    }

    /// Gives the connection no more queries.
    mutating func forgetAsUsable(_ connection: ConnectionID) {
        let upstream = connections[Int(connection.index)].upstream
        if states[upstream].current == connection {
            states[upstream].current = states[upstream].extra
            states[upstream].extra = nil
        } else if states[upstream].extra == connection {
            states[upstream].extra = nil
        } else if states[upstream].stream == connection {
            states[upstream].stream = nil
        }
    }

    private mutating func upstreamTimerFired(_ upstream: Int, now: Instant) {
        guard states[upstream].retryAt <= now else {
            timers.schedule(Limits.connections + upstream, at: states[upstream].retryAt, now: now)
            return
        }
        let group = states[upstream].group
        probeDownUpstreams(of: group, now: now)
        keepWarm(group, now: now)
    }

    /// Closes a connection that has been idle, or looks again when it could be.
    private mutating func closeIfIdle(_ connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        let idleAt = connections[index].lastActivity + connections[index].idleTimeout
        if connections[index].waiting > 0 {
            connections[index].lastActivity = now
            scheduleCheck(index, now: now)
        } else if connections[index].isSuspect, !provesSilence(connections[index]) {
            close(connection)
        } else if idleAt > now || connections[index].quietSince != nil {
            if idleAt <= now { connections[index].lastActivity = now }
            scheduleCheck(index, now: now)
        } else {
            let group = states[connections[index].upstream].group
            close(connection)
            keepWarm(group, now: now)
        }
    }

    /// Connects to the preferred upstream of `group` ahead of the next query, if that is wanted.
    mutating func keepWarm(_ group: GroupID, now: Instant) {
        let group = Int(group.number)
        guard groups[group].settings.keepsWarm, groups[group].count > 0 else { return }
        let preferred = member(0, of: group)
        guard states[preferred].current == nil, states[preferred].retryAt <= now else { return }
        _ = open(preferred, now: now)
    }

    /// Gives no more queries to `connection`, because it no longer counts as verified.
    public mutating func replace(_ connection: ConnectionID, now: Instant) {
        guard slots.contains(connection) else { return }
        let upstream = connections[Int(connection.index)].upstream
        retire(connection, now: now)
        keepWarm(states[upstream].group, now: now)
    }

    /// Takes no more queries on `connection`; it closes with its last answer.
    mutating func retire(_ connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        forgetAsUsable(connection)
        connections[index].isRetired = true
        closeIfRetired(connection)
    }

    mutating func closeIfRetired(_ connection: ConnectionID) {
        let index = Int(connection.index)
        guard connections[index].isRetired, connections[index].waiting == 0 else { return }
        close(connection)
    }

    /// Closes a connection on which nobody waits.
    mutating func close(_ connection: ConnectionID) {
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        timers.cancel(index)
        forgetAsUsable(connection)
        if servers[index] != nil { actions.append(.close(connection)) }
        slots.free(connection)
        removeIfUnused(upstream)
    }
}
