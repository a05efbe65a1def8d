internal import Collections
public import NetAddress

extension Pool {
    /// Takes the targets of `groups` as the upstreams from now on, at most `Limits.upstreams`.
    ///
    /// Servers that were there before, in the same group under the same trust, keep their
    /// connections and what is known of them; the connections of the others end with their last
    /// answer. A group that is named twice is the first of that name.
    public mutating func configure(
        _ groups: [UpstreamGroup], trustGeneration: UInt32, now: Instant
    ) {
        let before = configuredUpstreams
        for group in 0..<self.groups.count { self.groups[group].count = 0 }
        var memberCount = 0
        for group in groups where Int(group.id.number) < Limits.groups {
            guard self.groups[Int(group.id.number)].count == 0 else { continue }
            take(group, trustGeneration, memberCount: &memberCount)
        }
        let after = configuredUpstreams
        for upstream in before where !after.contains(upstream) { remove(upstream, now: now) }
        healthChanges += 1
        for group in 0..<self.groups.count { keepWarm(GroupID(UInt8(group)), now: now) }
    }

    private mutating func take(
        _ group: UpstreamGroup, _ trustGeneration: UInt32, memberCount: inout Int
    ) {
        let number = Int(group.id.number)
        groups[number].settings = group.settings
        groups[number].start = memberCount
        for target in group.targets where memberCount < Limits.upstreams {
            guard let place = place(of: target, group.id, trustGeneration) else { continue }
            let isListed = (groups[number].start..<memberCount).contains {
                members[$0] == UInt8(place)
            }
            guard !isListed else { continue }
            members[memberCount] = UInt8(place)
            memberCount += 1
        }
        groups[number].count = memberCount - groups[number].start
    }

    private var configuredUpstreams: [Int] {
        (0..<groups.count).flatMap { group in
            (0..<groups[group].count).map { member($0, of: group) }
        }
    }

    /// Closes every connection that is idle and lets the others end with their last answer.
    public mutating func drain(now: Instant) {
        for group in 0..<groups.count { groups[group].settings.keepsWarm = false }
        for upstream in configuredUpstreams { retireConnections(of: upstream, now: now) }
    }

    private mutating func retireConnections(of upstream: Int, now: Instant) {
        for index in 0..<slots.capacity where connections[index].upstream == upstream {
            if let connection = slots.slot(at: index) { retire(connection, now: now) }
        }
    }

    /// The place of `target`, known from before or new; `nil` when none is free because removed
    /// servers still owe answers.
    private mutating func place(
        of target: UpstreamTarget, _ group: GroupID, _ trustGeneration: UInt32
    ) -> Int? {
        let known = details.indices.first { place in
            details[place]?.target == target && states[place].group == group
                && details[place]?.trustGeneration == trustGeneration
        }
        if let known {
            states[known].isConfigured = true
            return known
        }
        guard let free = details.firstIndex(where: { $0 == nil }) else { return nil }
        let new = UpstreamDetails(target: target, trustGeneration: trustGeneration)
        states[free] = UpstreamState(
            isConfigured: true, group: group, isPlain: new.servers.first?.transport == .plain,
            addressCount: UInt8(new.servers.count))
        details[free] = new
        histograms[free] = RoundTripHistogram()
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
