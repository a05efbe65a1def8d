internal import DNSWire
internal import NetAddress

/// The addresses of the upstreams that are known by name, and when to look them up.
///
/// Addresses that were good once are kept until there are others: a server that has moved is
/// seldom, and nobody to ask is worse.
struct AddressBook {
    // Invariants:
    //   lookUps holds two for each name, for AAAA and then for A
    //   a look-up that is under way has an exchange, or is about to

    /// One question that is asked again and again.
    struct LookUp {
        let name: ServerName
        let type: RecordType
        var addresses: [IPAddress] = []
        var dueAt: Instant
        /// Failures in a row.
        var failures: UInt8 = 0
        var isUnderWay = false
        /// Whether it has been answered, so that what others know is no news.
        var isAnswered = false
    }

    private(set) var hosts: [UpstreamHost] = []
    private(set) var lookUps: [LookUp] = []

    /// Takes `hosts` as those to know about; what is known of their names stays.
    ///
    /// What failed is looked up at once: somebody has mended something.
    mutating func configure(_ hosts: [UpstreamHost], now: Instant) {
        self.hosts = hosts
        var names: [ServerName] = []
        for host in hosts where !names.contains(host.name) { names.append(host.name) }
        let known = lookUps
        lookUps = names.flatMap { name in
            var kept = known.filter { $0.name == name }
            for place in kept.indices where kept[place].failures > 0 { kept[place].dueAt = now }
            guard kept.isEmpty else { return kept }
            return [RecordType.aaaa, .a].map { LookUp(name: name, type: $0, dueAt: now) }
        }
    }

    /// The addresses of `name`, one family after the other in turn (RFC 8305 section 4).
    func addresses(of name: ServerName) -> [IPAddress] {
        let families = lookUps.filter { $0.name == name }.map(\.addresses)
        let longest = families.map(\.count).max() ?? 0
        return (0..<longest).flatMap { place in
            families.compactMap { place < $0.count ? $0[place] : nil }
        }
    }

    /// Whether `name` has no known address and none can be expected soon.
    func isHopeless(_ name: ServerName) -> Bool {
        lookUps.allSatisfy { lookUp in
            lookUp.name != name
                || lookUp.addresses.isEmpty && !lookUp.isUnderWay
                    && (lookUp.isAnswered || lookUp.failures > 0)
        }
    }

    /// When `nextDue` wants to be called next.
    var earliest: Instant? { lookUps.lazy.filter { !$0.isUnderWay }.map(\.dueAt).min() }

    /// A look-up that is to begin now; it is under way from now on.
    ///
    /// While nobody asks anything, as `isInDemand` says, what is known is good enough.
    mutating func nextDue(isInDemand: Bool, now: Instant) -> Int? {
        for place in lookUps.indices where !lookUps[place].isUnderWay && lookUps[place].dueAt <= now
        {
            guard isInDemand || addresses(of: lookUps[place].name).isEmpty else {
                lookUps[place].dueAt = now + ForwarderLimits.longestLookUpPause
                continue
            }
            lookUps[place].isUnderWay = true
            return place
        }
        return nil
    }

    /// The place of the look-up of `name` for `type`, if it is still wanted.
    func place(of name: ServerName, _ type: RecordType) -> Int? {
        lookUps.firstIndex { $0.name == name && $0.type == type }
    }

    /// Takes an answer, which holds for `ttl` seconds.
    ///
    /// That a name has no addresses of one kind is believed as long as it has some of the other.
    mutating func answered(_ place: Int, _ addresses: [IPAddress], ttl: UInt32, now: Instant) {
        let name = lookUps[place].name
        lookUps[place].isUnderWay = false
        lookUps[place].isAnswered = true
        lookUps[place].failures = 0
        let usable = addresses.filter { !$0.isUnspecified && !$0.isMulticast && !$0.isBroadcast }
        let hasOthers = lookUps.contains {
            $0.name == name && $0.type != lookUps[place].type && !$0.addresses.isEmpty
        }
        if !usable.isEmpty || hasOthers { lookUps[place].addresses = usable }
        let holds =
            usable.isEmpty ? ForwarderLimits.absentAddressTime : Interval.seconds(UInt64(ttl))
        lookUps[place].dueAt =
            now
            + min(
                max(holds, ForwarderLimits.shortestAddressTime), ForwarderLimits.longestAddressTime)
    }

    /// Notes that a look-up came to nothing; it is made again after a pause that doubles.
    mutating func failed(_ place: Int, now: Instant) {
        let failures = lookUps[place].failures
        lookUps[place].isUnderWay = false
        lookUps[place].failures = failures == .max ? failures : failures + 1
        let pause = ForwarderLimits.firstLookUpPause * (1 << UInt64(min(failures, 16)))
        lookUps[place].dueAt = now + min(pause, ForwarderLimits.longestLookUpPause)
    }

    /// Takes addresses that somebody else found out, now or long ago; true when that is news.
    ///
    /// What was looked up here is not replaced.
    mutating func learned(_ addresses: [IPAddress], of name: ServerName) -> Bool {
        var isNews = false
        for place in lookUps.indices
        where lookUps[place].name == name && !lookUps[place].isAnswered {
            let family = lookUps[place].type == .aaaa ? IPAddress.Family.v6 : .v4
            let known = addresses.filter { $0.family == family }
            guard !addresses.isEmpty, known != lookUps[place].addresses else { continue }
            lookUps[place].addresses = Array(known.prefix(ForwarderLimits.addressesOfFamily))
            isNews = true
        }
        return isNews
    }

    /// Looks everything up at once: another network may know other addresses.
    mutating func networkChanged(now: Instant) {
        for place in lookUps.indices { lookUps[place].dueAt = now }
    }
}
