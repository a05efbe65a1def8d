public import Collections
public import NetAddress

extension Pool {
    /// A connection whose handshake has taken too long, or `nil`.
    ///
    /// Also closes idle connections and probes upstreams whose pause is over. Called until it
    /// gives `nil`; the caller reports each connection it gives as lost.
    public mutating func timerFired(now: Instant) -> ConnectionID? {
        while let index = timers.popExpired(now: now) {
            if index >= Limits.connections {
                upstreamTimerFired(index - Limits.connections, now: now)
            } else if let connection = slots.slot(at: index) {
                if connections[index].phase == .connecting { return connection }
                closeIfIdle(connection, now: now)
            }
        }
        return nil
    }

    /// Probes, or waits on when the pause is longer than a timer can run.
    private mutating func upstreamTimerFired(_ upstream: Int, now: Instant) {
        guard states[upstream].retryAt <= now else {
            timers.schedule(Limits.connections + upstream, at: states[upstream].retryAt, now: now)
            return
        }
        probeDownUpstreams(now: now)
    }

    /// Closes a connection that has been idle, or looks again when it could be.
    private mutating func closeIfIdle(_ connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        let idleAt = connections[index].lastActivity + connections[index].idleTimeout
        if connections[index].waiting > 0 {
            timers.schedule(index, at: now + connections[index].idleTimeout, now: now)
        } else if idleAt > now {
            timers.schedule(index, at: idleAt, now: now)
        } else {
            close(connection)
        }
    }

    /// Takes no more queries on `connection`; it closes with its last answer.
    mutating func retire(_ connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        if states[upstream].current == connection { states[upstream].current = nil }
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
        if states[upstream].current == connection { states[upstream].current = nil }
        actions.append(.close(connection))
        slots.free(connection)
        removeIfUnused(upstream)
    }
}
