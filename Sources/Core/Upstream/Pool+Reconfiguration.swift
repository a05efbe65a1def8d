internal import Collections
public import NetAddress

extension Pool {
    /// Takes `servers` as the upstreams from now on, preferred first, at most `Limits.upstreams`.
    ///
    /// Servers that were there before under the same trust keep their connections and what is
    /// known of them; the connections of the others end with their last answer.
    public mutating func configure(
        _ servers: [UpstreamServer], trustGeneration: UInt32, now: Instant
    ) {
        var newOrder: [Int] = []
        for server in servers.prefix(Limits.upstreams) {
            guard let place = place(of: server, trustGeneration), !newOrder.contains(place) else {
                continue
            }
            newOrder.append(place)
        }
        let removed = order.filter { !newOrder.contains($0) }
        order = newOrder
        for upstream in removed { remove(upstream, now: now) }
        healthChanges += 1
        keepWarm(now: now)
    }

    /// Closes every connection that is idle and lets the others end with their last answer.
    public mutating func drain(now: Instant) {
        settings.keepsWarm = false
        for upstream in order { retireConnections(of: upstream, now: now) }
    }

    private mutating func retireConnections(of upstream: Int, now: Instant) {
        for index in 0..<slots.capacity where connections[index].upstream == upstream {
            if let connection = slots.slot(at: index) { retire(connection, now: now) }
        }
    }

    /// The place of `server`, known from before or new; `nil` when none is free because removed
    /// servers still owe answers.
    private mutating func place(of server: UpstreamServer, _ trustGeneration: UInt32) -> Int? {
        let known = details.firstIndex { known in
            known?.server == server && known?.trustGeneration == trustGeneration
        }
        if let known {
            states[known].isConfigured = true
            return known
        }
        guard let free = details.firstIndex(where: { $0 == nil }) else { return nil }
        states[free] = UpstreamState(isConfigured: true)
        details[free] = UpstreamDetails(server: server, trustGeneration: trustGeneration)
        return free
    }

    private mutating func remove(_ upstream: Int, now: Instant) {
        states[upstream].isConfigured = false
        retireConnections(of: upstream, now: now)
        timers.cancel(Limits.connections + upstream)
        removeIfUnused(upstream)
    }

    /// Frees the place of an upstream that is no longer configured and has no connection left.
    mutating func removeIfUnused(_ upstream: Int) {
        guard details[upstream] != nil, !states[upstream].isConfigured else { return }
        for index in 0..<slots.capacity
        where slots.slot(at: index) != nil && connections[index].upstream == upstream {
            return
        }
        details[upstream] = nil
    }
}
