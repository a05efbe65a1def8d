public import Collections
public import NetAddress

// Finding out whether an upstream that is down is back, at no client's expense.
extension Pool {
    /// Connects in the background to upstreams of `group` whose pause after a failure is over.
    ///
    /// Where an attempt hangs another one is made beside it: what was lost on a way that is open
    /// again would be sent anew only after a second or more.
    mutating func probeDownUpstreams(of group: GroupID, now: Instant) {
        let group = groups[Int(group.number)]
        guard now - group.lastDemand < Limits.probeInterest else { return }
        for step in 0..<group.count {
            let upstream = Int(members[group.start &+ step])
            guard states[upstream].failures > 0, states[upstream].retryAt <= now,
                states[upstream].addressCount > 0
            else { continue }
            if let current = states[upstream].current {
                guard mayOvertake(current, now: now) else { continue }
                forgetAsUsable(current)
            }
            guard open(upstream, now: now) != nil, states[upstream].lastFailure == .timedOut else {
                continue
            }
            leaveAlone(upstream, for: Backoff.probePause(random.next()), now: now)
        }
    }

    private func mayOvertake(_ current: ConnectionID, now: Instant) -> Bool {
        let attempt = connections[Int(current.index)]
        guard attempt.phase == .connecting, states[attempt.upstream].lastFailure == .timedOut,
            now - attempt.openedAt >= Limits.handshakePatience, slots.inUse < slots.capacity / 2
        else { return false }
        return (0..<slots.capacity).count { isAttempt($0, attempt.upstream) } < Limits.attempts
    }

    /// Whether the connection at `index` is one to `upstream` that is not up yet.
    private func isAttempt(_ index: Int, _ upstream: Int) -> Bool {
        connections[index].upstream == upstream && connections[index].phase == .connecting
            && slots.slot(at: index) != nil
    }

    /// Whether nobody of the group of `upstream` can be expected to answer.
    func isMissed(_ upstream: Int, now: Instant) -> Bool {
        let group = Int(states[upstream].group.number)
        return !(0..<groups[group].count).contains { step in
            isInGoodStanding(member(step, of: group), now: now)
        }
    }

    /// Ends the long pauses of the others in the group of `upstream`, which has failed as the last
    /// one.
    mutating func hasten(besides upstream: Int, now: Instant) {
        let group = Int(states[upstream].group.number)
        for step in 0..<groups[group].count {
            let other = member(step, of: group)
            guard other != upstream, states[other].failures > 0,
                states[other].lastFailure != .verification
            else { continue }
            let pause = Backoff.probePause(random.next())
            if states[other].retryAt > now + pause { leaveAlone(other, for: pause, now: now) }
        }
    }

    func isConnected(_ upstream: Int) -> Bool {
        states[upstream].current.map { connections[Int($0.index)].phase == .ready } ?? false
    }

    /// Notes that a query was not answered within the patience with `upstream`.
    public mutating func wasLate(_ upstream: Int) {
        let late = states[upstream].lateness + Limits.latenessOfOne
        states[upstream].lateness = min(late, Limits.latenessKept)
        if states[upstream].isSlow { changeAddress(of: upstream) }
    }

    /// Notes an answer for which nobody waits any more: a copy says how the upstream does.
    mutating func noteProbe(_ messageID: UInt16, _ upstream: Int, now: Instant) {
        guard states[upstream].probe == messageID else { return }
        states[upstream].probe = nil
        let roundTrip = now - states[upstream].probedAt
        noteLateness(roundTrip, upstream)
        states[upstream].roundTrip.add(roundTrip)
    }

    mutating func noteLateness(_ roundTrip: Interval, _ upstream: Int) {
        guard states[upstream].lateness > 0, roundTrip <= patience(with: upstream) else { return }
        states[upstream].lateness -= 1
    }

    func isDoubted(_ upstream: Int, now: Instant) -> Bool {
        states[upstream].isSlow || states[upstream].doubtedUntil > now
    }

    /// Whether every query that waits for `upstream` is worth asking of another one of its group.
    public func isWorthLeaving(_ upstream: Int, now: Instant) -> Bool {
        isDoubted(upstream, now: now) && !isMissed(upstream, now: now)
    }

    /// Gives queries to the connection that has come up, although another attempt was made later.
    mutating func prefer(_ connection: ConnectionID, now: Instant) {
        let state = connections[Int(connection.index)]
        let upstream = state.upstream
        guard state.carrier == .tls, states[upstream].current != connection,
            states[upstream].extra != connection, !state.isRetired, !state.isSuspect,
            states[upstream].isConfigured
        else { return }
        if isConnected(upstream) { return retire(connection, now: now) }
        states[upstream].current = connection
    }

    /// An attempt that `connection`, which has come up, makes needless; its queries go there.
    public func overtaken(by connection: ConnectionID) -> ConnectionID? {
        guard slots.contains(connection), connections[Int(connection.index)].carrier == .tls else {
            return nil
        }
        let upstream = connections[Int(connection.index)].upstream
        for index in 0..<slots.capacity where isAttempt(index, upstream) {
            guard let attempt = slots.slot(at: index), attempt != states[upstream].extra,
                states[upstream].failures > 0 || connections[index].isContestant
            else { continue }
            return attempt
        }
        return nil
    }

    /// Puts `exchange` on a connection to an upstream of `group` that is on probation or slow, if
    /// one may be tried now: whether it answers tells whether it is well again.
    public mutating func assignProbe(
        _ exchange: UInt16, of group: GroupID, besides upstream: Int?, now: Instant
    ) -> Assignment? {
        for step in 0..<groups[Int(group.number)].count {
            let candidate = member(step, of: Int(group.number))
            guard candidate != upstream,
                states[candidate].isOnProbation || states[candidate].isSlow,
                let current = states[candidate].current, states[candidate].probeAt <= now,
                connections[Int(current.index)].phase == .ready, hasRoom(current)
            else { continue }
            states[candidate].probeAt = now + Backoff.probePause(random.next())
            // The last one is still without an answer.
            if states[candidate].probe != nil { wasLate(candidate) }
            let probe = put(exchange, on: current, now: now)
            states[candidate].probe = probe?.messageID
            states[candidate].probedAt = now
            return probe
        }
        return nil
    }
}
