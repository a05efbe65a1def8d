internal import Collections
internal import DNSCache
internal import DNSWire
public import NetAddress
internal import Upstream

// Looking up the addresses of upstreams that are configured by name: questions of our own, put to
// the upstreams of the group `bootstrap`, for which no client waits.
extension Forwarder {
    /// The timer of the next look-up, behind those of the exchanges.
    static let lookUpTimer = ForwarderLimits.exchanges

    /// Takes addresses that another worker, or an earlier process, has found out.
    ///
    /// None at all says that there are none to be had.
    public mutating func learned(_ known: HostAddresses, now: Instant) {
        let isNews = book.learned(known.addresses, of: known.name)
        if isNews || known.addresses.isEmpty { apply(known.name, isLost: true, now: now) }
    }

    /// What has been found out since the last call, for other workers and the next process.
    public mutating func takeFoundAddresses() -> [HostAddresses] {
        guard !found.isEmpty else { return [] }
        defer { found.removeAll() }
        return found
    }

    mutating func configureLookUps(_ groups: [UpstreamGroup], now: Instant) {
        let hosts = groups.flatMap(\.targets).compactMap(\.host)
        book.configure(hosts, now: now)
        for host in hosts { apply(host.name, isLost: false, now: now) }
        lookUpDue(now: now)
    }

    /// Begins the look-ups that are due, where this worker is the one to do so.
    mutating func lookUpDue(now: Instant) {
        guard settings.looksUpAddresses else { return }
        let isInDemand = pool.isInDemand(besides: .bootstrap, now: now)
        while let place = book.nextDue(isInDemand: isInDemand, now: now) {
            lookUp(place, now: now)
        }
        guard let next = book.earliest else { return timers.cancel(Self.lookUpTimer) }
        timers.schedule(Self.lookUpTimer, at: next, now: now)
    }

    private mutating func lookUp(_ place: Int, now: Instant) {
        guard let exchange = exchangeSlots.allocate() else { return book.failed(place, now: now) }
        let index = Int(exchange.index)
        let wanted = book.lookUps[place]
        let length = writeQuestion(wanted.name, wanted.type, to: index)
        let key = hash.key(
            questions.span(index, length: length), dnssecOK: false, checkingDisabled: false,
            route: GroupID.bootstrap.number)
        exchanges[index] = Exchange(
            questionLength: length, flags: [.recursionDesired, .authenticData], dnssecOK: false,
            key: key, startedAt: now, deadline: now + settings.timeout)
        exchanges[index].policy = pool.policy(of: .bootstrap)
        exchanges[index].isLookUp = true
        dispatch(exchange, now: now)
    }

    /// Writes a question in wire format; a server's name fits, being a host name.
    private mutating func writeQuestion(
        _ name: ServerName, _ type: RecordType, to index: Int
    ) -> Int {
        var target = questions.mutableSpan(index)
        var length = 0
        for label in name.description.utf8.split(separator: UInt8(ascii: ".")) {
            target.setOctet(UInt8(label.count), at: length)
            for octet in label {
                length += 1
                target.setOctet(octet, at: length)
            }
            length += 1
        }
        target.setOctet(0, at: length)
        target.setUInt16(type.rawValue, at: length + 1)
        target.setUInt16(RecordClass.internet.rawValue, at: length + 3)
        return length + 5
    }

    /// Takes the answer to a question of our own.
    mutating func takeAddresses(
        _ response: Response, of message: RawSpan, answering exchange: ExchangeID, now: Instant
    ) {
        let index = Int(exchange.index)
        guard response.code == .noError, let place = place(ofLookUp: index) else {
            return finish(exchange, .answer, now: now)
        }
        let answer = AddressAnswer(
            message, response, limit: ForwarderLimits.addressesOfFamily)
        exchanges[index].isLookUp = false
        let name = book.lookUps[place].name
        let before = book.addresses(of: name)
        book.answered(place, answer.addresses, ttl: answer.ttl, now: now)
        finish(exchange, .answer, now: now)
        settle(name, before: before, now: now)
    }

    /// Notes that a question of our own has ended without a usable answer.
    mutating func lookUpFailed(_ index: Int, now: Instant) {
        exchanges[index].isLookUp = false
        guard let place = place(ofLookUp: index) else { return }
        let name = book.lookUps[place].name
        book.failed(place, now: now)
        settle(name, before: book.addresses(of: name), now: now)
    }

    /// The look-up that the exchange at `index` is for; `nil` when a reload has made it needless.
    private func place(ofLookUp index: Int) -> Int? {
        let question = questions.span(index, length: exchanges[index].questionLength)
        let type = RecordType(rawValue: question.uint16(at: question.byteCount - 4))
        return book.lookUps.indices.first { place in
            book.lookUps[place].type == type && Self.spells(book.lookUps[place].name, question)
        }
    }

    private static func spells(_ name: ServerName, _ question: RawSpan) -> Bool {
        var offset = 0
        for octet in name.description.utf8 {
            offset += 1
            guard offset < question.byteCount - 5 else { return false }
            // Where the text has a dot, the question has the length of the next label.
            if octet != UInt8(ascii: "."), octet != question.octet(at: offset) { return false }
        }
        return offset == question.byteCount - 6
    }

    /// Goes on with what is known of `name` now, and sets the time of the next look-up.
    private mutating func settle(_ name: ServerName, before: [IPAddress], now: Instant) {
        let addresses = book.addresses(of: name)
        let isHopeless = book.isHopeless(name)
        if addresses != before || isHopeless {
            found.removeAll { $0.name == name }
            found.append(HostAddresses(name: name, addresses: addresses))
        }
        apply(name, isLost: isHopeless, now: now)
        guard let next = book.earliest else { return }
        timers.schedule(Self.lookUpTimer, at: next, now: now)
    }

    /// Tells the pool where the servers of that name are; `isLost` says that nobody knows.
    private mutating func apply(_ name: ServerName, isLost: Bool, now: Instant) {
        let addresses = book.addresses(of: name)
        for host in book.hosts where host.name == name {
            let usable = addresses.filter { address in
                // A name that leads to ourselves would have us ask ourselves without end.
                !settings.ownEndpoints.contains { $0.port == host.port && $0.address == address }
            }
            if !usable.isEmpty {
                pool.found(usable, of: host, now: now)
            } else if isLost || !addresses.isEmpty {
                let words =
                    addresses.isEmpty ? "it has no known address" : "its name leads to ourselves"
                notFound(host, words, now: now)
            }
        }
    }
    private mutating func notFound(_ host: UpstreamHost, _ words: String, now: Instant) {
        pool.notFound(host, text: words, now: now)
        while let connection = pool.nextWithoutAddress(of: host) {
            lost(connection, .unresolved, text: words, now: now)
        }
    }
}
