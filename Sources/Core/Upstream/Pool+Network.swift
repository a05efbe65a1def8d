public import Collections
public import NetAddress

extension Pool {
    /// Notes that addresses or routes have changed, or that the machine has slept.
    ///
    /// Nothing that was known of upstreams holds: pauses end, every connection is suspect, and
    /// the preferred upstream of each group in use is contacted at once. The connections that owe
    /// answers come out of `nextSuspect` one by one.
    public mutating func networkChanged(now: Instant) {
        healthChanges += 1
        for group in 0..<groups.count where groups[group].count > 0 {
            for step in 0..<groups[group].count {
                forgetStanding(of: member(step, of: group), now: now)
            }
            guard now - groups[group].lastDemand < Limits.probeInterest else { continue }
            let preferred = member(0, of: group)
            guard states[preferred].addressCount > 0 else { continue }
            if let current = states[preferred].current { forgetAsUsable(current) }
            _ = open(preferred, now: now)
        }
    }

    private mutating func forgetStanding(of upstream: Int, now: Instant) {
        states[upstream].failures = 0
        states[upstream].retryAt = now
        states[upstream].preferredAddress = 0
        states[upstream].failedAddresses = 0
        states[upstream].doubtedUntil = now
        states[upstream].lateness = 0
        states[upstream].brevity = 0
        states[upstream].roundTrip.reset()
        states[upstream].learnedIdle = nil
    }

    /// The next connection from before a change of the network, beginning with `place` 0.
    ///
    /// It takes no more queries and is closed if nothing more is heard of it.
    public mutating func nextSuspect(from place: inout Int, now: Instant) -> ConnectionID? {
        while place < slots.capacity {
            let index = place
            place += 1
            guard let connection = slots.slot(at: index), connections[index].openedAt < now else {
                continue
            }
            guard connections[index].waiting > 0 else {
                retire(connection, now: now)
                continue
            }
            forgetAsUsable(connection)
            connections[index].isSuspect = true
            if connections[index].phase == .ready {
                connections[index].quietSince = connections[index].quietSince ?? now
                scheduleCheck(index, now: now)
            }
            return connection
        }
        return nil
    }
}
