public import Collections
public import NetAddress

/// Whom a message id belongs to.
public enum Recipient: Equatable, Sendable {
    case exchange(UInt16)
    /// Somebody asked, but no longer waits.
    case nobody
    /// Nobody ever asked this on this connection.
    case unsolicited
}

extension Pool {
    /// Notes that TCP and TLS are up and the certificate is the right one.
    public mutating func connected(_ connection: ConnectionID, now: Instant) {
        guard slots.contains(connection) else { return }
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        connections[index].phase = .ready
        connections[index].lastActivity = now
        win(connection)
        if connections[index].waiting > 0 { connections[index].quietSince = now }
        if let learned = states[upstream].learnedIdle { connections[index].idleTimeout = learned }
        scheduleCheck(index, now: now)
        prefer(connection, now: now)
        states[upstream].figures.connections &+= 1
        if !states[upstream].isOnProbation { setHealth(.healthy, of: upstream) }
    }

    /// The exchanges that waited for `connection` to come up, each with its id, oldest first.
    ///
    /// Called again and again with the last `position` it gave out, starting with 0.
    public func nextWaiting(
        on connection: ConnectionID, from position: inout UInt32
    ) -> (exchange: UInt16, messageID: UInt16)? {
        guard slots.contains(connection) else { return nil }
        let index = Int(connection.index)
        while position < connections[index].nextPosition {
            let current = UInt16(truncatingIfNeeded: position)
            position += 1
            let exchange = inFlight.exchange(index, current)
            if exchange < InFlightTable.abandoned {
                return (exchange, connections[index].ids.id(at: current))
            }
        }
        return nil
    }

    /// Whether the query being sent on `connection` is the one to carry the keepalive option.
    public mutating func takesKeepalive(_ connection: ConnectionID) -> Bool {
        guard slots.contains(connection) else { return false }
        defer { connections[Int(connection.index)].hasAskedKeepalive = true }
        return !connections[Int(connection.index)].hasAskedKeepalive
    }

    /// Looks up whom the answer under `messageID` is for, without believing it yet.
    public func recipient(of messageID: UInt16, on connection: ConnectionID) -> Recipient {
        guard slots.contains(connection) else { return .nobody }
        let index = Int(connection.index)
        let position = connections[index].ids.position(of: messageID)
        return switch inFlight.exchange(index, position) {
        case InFlightTable.free: .unsolicited
        case InFlightTable.abandoned: .nobody
        case let exchange: .exchange(exchange)
        }
    }

    /// Notes a good answer: the id is done with and the upstream is well.
    ///
    /// `idleTimeout` is what the server said of idle connections (RFC 7828), if it did.
    public mutating func answered(
        _ messageID: UInt16, on connection: ConnectionID, roundTrip: Interval,
        idleTimeout: Interval?, now: Instant
    ) {
        guard slots.contains(connection) else { return }
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        heard(connection, now: now)
        if states[upstream].probe == messageID { states[upstream].probe = nil }
        noteLateness(roundTrip, upstream)
        states[upstream].roundTrip.add(roundTrip)
        histograms[upstream].add(roundTrip)
        release(messageID, index)
        if connections[index].carrier == .datagram { finishDatagram(messageID, on: connection) }
        if connections[index].waiting == 0 { connections[index].quietSince = nil }
        connections[index].answers &+= 1
        // A server that sends everything twice is odd, but serves.
        connections[index].unsolicited = 0
        connections[index].lastActivity = now
        if let idleTimeout { take(idleTimeout, on: connection, now: now) }
        noteAnswer(of: upstream, now: now)
        closeIfRetired(connection)
    }

    /// Takes what the server says of idle connections; zero asks for an end as soon as nothing is
    /// owed (RFC 7828 section 3.4).
    private mutating func take(_ idleTimeout: Interval, on connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        if idleTimeout == .zero {
            forgetAsUsable(connection)
            connections[index].isRetired = true
        } else if idleTimeout != connections[index].idleTimeout {
            connections[index].idleTimeout = idleTimeout
            timers.schedule(index, at: now + idleTimeout, now: now)
        }
    }

    private mutating func noteAnswer(of upstream: Int, now: Instant) {
        states[upstream].failures = 0
        states[upstream].failedAddresses = 0
        states[upstream].figures.answers &+= 1
        states[upstream].lastAnswerAt = now
        states[upstream].doubtedUntil = now
        setHealth(.healthy, of: upstream)
    }

    /// Notes that something came, whatever it was: the connection is not dead.
    mutating func heard(_ connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        connections[index].quietSince = connections[index].waiting > 0 ? now : nil
        connections[index].isLeft = false
        guard connections[index].isSuspect else { return }
        connections[index].isSuspect = false
        let upstream = connections[index].upstream
        if connections[index].isRetired {
            retire(connection, now: now)
        } else if connections[index].carrier == .stream, states[upstream].stream == nil {
            states[upstream].stream = connection
        } else if connections[index].carrier == .tls, states[upstream].current == nil {
            states[upstream].current = connection
        } else {
            retire(connection, now: now)
        }
    }

    /// Notes a message that nobody asked for; too many of them end the connection.
    ///
    /// True when the connection must go.
    public mutating func receivedUnsolicited(on connection: ConnectionID, now: Instant) -> Bool {
        guard slots.contains(connection) else { return false }
        heard(connection, now: now)
        guard slots.contains(connection) else { return false }
        connections[Int(connection.index)].unsolicited += 1
        return connections[Int(connection.index)].unsolicited >= Limits.unsolicitedPerConnection
    }

    /// Notes that an answer came for which nobody waits any more.
    public mutating func answeredLate(
        _ messageID: UInt16, on connection: ConnectionID, now: Instant
    ) {
        guard slots.contains(connection) else { return }
        let index = Int(connection.index)
        let isKnown = inFlight.exchange(index, connections[index].ids.position(of: messageID))
        if isKnown == InFlightTable.abandoned {
            noteAnswer(of: connections[index].upstream, now: now)
            noteProbe(messageID, connections[index].upstream, now: now)
            connections[index].unsolicited = 0
        }
        release(messageID, index)
        heard(connection, now: now)
        guard slots.contains(connection) else { return }
        closeIfRetired(connection)
    }

    /// Notes that the exchange behind `messageID` has ended without this answer.
    public mutating func abandoned(_ messageID: UInt16, on connection: ConnectionID) {
        guard slots.contains(connection) else { return }
        let index = Int(connection.index)
        let position = connections[index].ids.position(of: messageID)
        guard inFlight.exchange(index, position) < InFlightTable.abandoned else { return }
        connections[index].waiting -= 1
        if connections[index].phase == .connecting {
            // Never sent, so no answer can come.
            inFlight.set(index, position, to: InFlightTable.free)
        } else if connections[index].carrier == .datagram {
            // Its socket is closed, so none can come either.
            inFlight.set(index, position, to: InFlightTable.free)
            actions.append(.finish(connection, messageID: messageID))
            connections[index].abandoned += 1
        } else {
            inFlight.set(index, position, to: InFlightTable.abandoned)
            connections[index].abandoned += 1
        }
        closeIfRetired(connection)
    }

    /// Notes that `connection` failed or ended, and takes it out of use.
    ///
    /// The exchanges that waited on it are to be taken with `takeOrphan` before anything is
    /// assigned, then `forget` frees the place. True when they may be put to the same upstream
    /// once more.
    @discardableResult
    public mutating func lost(
        _ connection: ConnectionID, _ failure: UpstreamFailure, text: String, now: Instant
    ) -> Bool {
        guard slots.contains(connection) else { return false }
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        timers.cancel(index)
        let wasAside = isAside(connection)
        forgetAsUsable(connection)
        if wasAside {
            noteOtherAddressFailed(upstream, now: now)
            return true
        }
        learnIdle(connections[index], failure, now: now)
        noteBrevity(connections[index], failure, now: now)
        guard isHeldAgainst(connections[index], failure) else {
            // Not at once: a server may close each connection as soon as it is up.
            if groups[Int(states[upstream].group.number)].settings.keepsWarm {
                timers.schedule(Limits.connections + upstream, at: now + Limits.warmPause, now: now)
            }
            return failure == .closed || failure == .released
        }
        let known = servers[index]
        if turnAway(from: connection, now: now) { return true }
        noteFailure(of: upstream, failure, text: words(text, at: known, of: upstream), now: now)
        return failure == .closed
    }

    /// Takes one exchange that waited on a lost connection.
    public mutating func takeOrphan(
        of connection: ConnectionID, from position: inout UInt32
    ) -> UInt16? {
        guard let (exchange, messageID) = nextWaiting(on: connection, from: &position) else {
            return nil
        }
        let index = Int(connection.index)
        inFlight.set(
            index, connections[index].ids.position(of: messageID), to: InFlightTable.free)
        connections[index].waiting -= 1
        return exchange
    }

    /// Frees the place of a lost connection.
    public mutating func forget(_ connection: ConnectionID) {
        guard slots.contains(connection) else { return }
        let upstream = connections[Int(connection.index)].upstream
        slots.free(connection)
        removeIfUnused(upstream)
    }

    /// A close is the server's right while nothing is owed, and after answers; otherwise it is a
    /// failure like any other.
    private func isHeldAgainst(_ state: Connection, _ failure: UpstreamFailure) -> Bool {
        switch failure {
        case .released: false
        // While it answers on another connection, it was only this one.
        case .silent: states[state.upstream].lastAnswerAt < (state.quietSince ?? state.openedAt)
        // While another connection is up, it was only this one.
        case .timedOut where state.phase == .connecting: !isConnected(state.upstream)
        case .closed where state.phase != .connecting:
            state.answers == 0 && (state.waiting > 0 || states[state.upstream].failures > 0)
        default: true
        }
    }

    mutating func noteFailure(
        of upstream: Int, _ failure: UpstreamFailure, text: String, now: Instant
    ) {
        let failures = states[upstream].failures
        let counted = failures == .max ? failures : failures + 1
        if failures == 0 { states[upstream].failingSince = now }
        states[upstream].failedAt = now
        if text != details[upstream]?.failureText { healthChanges += 1 }
        states[upstream].failures = counted
        states[upstream].figures.failures &+= 1
        states[upstream].lastFailure = failure
        details[upstream]?.failureText = text
        setHealth(.down, of: upstream)
        // An attempt that was overtaken does not hold up the next one.
        if failure == .timedOut, states[upstream].current != nil { return }
        let isMissed = isMissed(upstream, now: now)
        leaveAlone(
            upstream,
            for: Backoff.pause(
                after: failure, failures: counted, isMissed: isMissed, jitter: random.next()),
            now: now)
        if isMissed { hasten(besides: upstream, now: now) }
    }

    mutating func leaveAlone(_ upstream: Int, for pause: Interval, now: Instant) {
        states[upstream].retryAt = now + pause
        timers.schedule(Limits.connections + upstream, at: now + pause, now: now)
    }

    /// A server that closed an idle connection will do so again: be sooner next time.
    private mutating func learnIdle(
        _ state: Connection, _ failure: UpstreamFailure, now: Instant
    ) {
        guard failure == .closed, state.phase == .ready, state.waiting == 0 else { return }
        let idle = now - state.lastActivity
        guard idle > Limits.idleMargin, idle < state.idleTimeout else { return }
        let learned = Interval(
            microseconds: idle.microseconds - Limits.idleMargin.microseconds)
        states[state.upstream].learnedIdle = max(learned, Limits.shortestIdle)
    }

    /// Leaves a server to others for ever longer that closes each connection at once.
    private mutating func noteBrevity(
        _ state: Connection, _ failure: UpstreamFailure, now: Instant
    ) {
        guard failure == .closed, state.phase == .ready, state.carrier == .tls else { return }
        let upstream = state.upstream
        guard state.answers < Limits.answersOfConnection,
            now - state.lastActivity < Limits.idleMargin
        else {
            states[upstream].brevity = 0
            return
        }
        states[upstream].brevity = min(states[upstream].brevity + 1, .max - 1)
        guard states[upstream].brevity >= Limits.briefConnections else { return }
        let step = states[upstream].brevity - Limits.briefConnections
        states[upstream].doubtedUntil = now + Backoff.leave(step, jitter: random.next())
    }

    mutating func setHealth(_ health: UpstreamHealth, of upstream: Int) {
        guard states[upstream].health != health else { return }
        states[upstream].health = health
        healthChanges += 1
    }

    /// Notes that no answer to a datagram is waited for any more, because it has come.
    private mutating func finishDatagram(_ messageID: UInt16, on connection: ConnectionID) {
        connections[Int(connection.index)].abandoned = 0
        actions.append(.finish(connection, messageID: messageID))
    }

    private mutating func release(_ messageID: UInt16, _ index: Int) {
        let position = connections[index].ids.position(of: messageID)
        switch inFlight.exchange(index, position) {
        case InFlightTable.free: return
        case InFlightTable.abandoned: connections[index].abandoned -= 1
        default: connections[index].waiting -= 1
        }
        inFlight.set(index, position, to: InFlightTable.free)
    }
}
