public import Collections
public import NetAddress

// The addresses of an upstream: which one a connection is made to, and when to try the next.
extension Pool {
    /// Takes `addresses` as those of `host`, preferred first, at most `Limits.addresses`.
    ///
    /// Connections stay where they lead; what waits for an address begins to connect.
    public mutating func found(_ addresses: [IPAddress], of host: UpstreamHost, now: Instant) {
        let servers = addresses.prefix(Limits.addresses).map { host.server(at: $0) }
        guard !servers.isEmpty else { return }
        for upstream in 0..<Limits.upstreamPlaces where details[upstream]?.target == .host(host) {
            take(servers, of: upstream)
            if states[upstream].failures > 0, states[upstream].lastFailure == .unresolved {
                states[upstream].failures = 0
                states[upstream].retryAt = now
                setHealth(.untried, of: upstream)
            }
            for index in 0..<slots.capacity
            where connections[index].upstream == upstream && self.servers[index] == nil {
                guard let connection = slots.slot(at: index) else { continue }
                begin(connection, now: now)
            }
        }
    }

    private mutating func take(_ servers: [UpstreamServer], of upstream: Int) {
        guard let known = details[upstream]?.servers, known != servers else { return }
        let preferred = known.dropFirst(Int(states[upstream].preferredAddress)).first
        let place = preferred.flatMap { servers.firstIndex(of: $0) } ?? 0
        details[upstream]?.servers = servers
        states[upstream].addressCount = UInt8(servers.count)
        states[upstream].preferredAddress = UInt8(place)
        states[upstream].failedAddresses = 0
        healthChanges += 1
    }

    /// Notes that no address of `host` is to be had for now: nobody waits for one any more.
    public mutating func notFound(_ host: UpstreamHost, text: String, now: Instant) {
        for upstream in 0..<Limits.upstreamPlaces where details[upstream]?.target == .host(host) {
            guard states[upstream].addressCount == 0, states[upstream].failures == 0 else {
                continue
            }
            noteFailure(of: upstream, .unresolved, text: text, now: now)
        }
    }

    /// A connection that still waits for an address of `host`, which is not to be had.
    public func nextWithoutAddress(of host: UpstreamHost) -> ConnectionID? {
        for index in 0..<slots.capacity where servers[index] == nil {
            guard let connection = slots.slot(at: index),
                details[connections[index].upstream]?.target == .host(host)
            else { continue }
            return connection
        }
        return nil
    }

    /// Starts connecting; `asExtra` says that the upstream has a connection already.
    mutating func open(
        _ upstream: Int, now: Instant, asExtra: Bool = false
    ) -> ConnectionID? {
        let carrier = states[upstream].isPlain ? Carrier.datagram : .tls
        guard let connection = makeConnection(to: upstream, carrier, now: now) else { return nil }
        if asExtra {
            states[upstream].extra = connection
        } else {
            states[upstream].current = connection
        }
        begin(connection, now: now)
        return connection
    }

    /// Puts `exchange` on a TCP connection to the plain `upstream`, for an answer that does not fit
    /// a datagram or could not be believed.
    public mutating func assignStream(
        _ exchange: UInt16, at upstream: Int, now: Instant
    ) -> Assignment? {
        if let stream = states[upstream].stream {
            if hasRoom(stream) { return put(exchange, on: stream, now: now) }
            retire(stream, now: now)
        }
        guard let stream = makeConnection(to: upstream, .stream, now: now) else { return nil }
        states[upstream].stream = stream
        begin(stream, now: now)
        return put(exchange, on: stream, now: now)
    }

    mutating func makeConnection(
        to upstream: Int, _ carrier: Carrier = .tls, now: Instant
    ) -> ConnectionID? {
        guard let connection = slots.allocate() else { return nil }
        let index = Int(connection.index)
        connections[index] = Connection(
            upstream: upstream, carrier: carrier, key: random.next(), now: now)
        servers[index] = nil
        inFlight.reset(index)
        return connection
    }

    /// Connects to the next address, or waits until there is one.
    mutating func begin(_ connection: ConnectionID, at address: Int? = nil, now: Instant) {
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        connections[index].openedAt = now
        timers.schedule(index, at: now + Limits.handshakePatience, now: now)
        guard
            let address = address ?? nextAddress(of: upstream) ?? preferredAddress(of: upstream)
        else { return }
        servers[index] = details[upstream]?.servers[address]
        actions.append(.open(connection, upstream: upstream))
        if connections[index].carrier == .datagram { scheduleCheck(index, now: now) }
    }

    private func preferredAddress(of upstream: Int) -> Int? {
        states[upstream].addressCount > 0 ? Int(states[upstream].preferredAddress) : nil
    }

    /// The next address, in order from the preferred one, that has not failed and is not being
    /// connected to.
    private func nextAddress(of upstream: Int) -> Int? {
        let state = states[upstream]
        for step in 0..<state.addressCount {
            let address = Int((state.preferredAddress + step) % state.addressCount)
            guard state.failedAddresses >> address & 1 == 0,
                !isBeingTried(details[upstream]?.servers[address], of: upstream)
            else { continue }
            return address
        }
        return nil
    }

    private func isBeingTried(_ server: UpstreamServer?, of upstream: Int) -> Bool {
        for index in 0..<slots.capacity where slots.slot(at: index) != nil {
            if connections[index].upstream == upstream, connections[index].phase == .connecting,
                servers[index] == server
            {
                return true
            }
        }
        return false
    }

    /// Another connection that is being made to `upstream` and could become its current one.
    private func attempt(at upstream: Int, besides connection: ConnectionID) -> ConnectionID? {
        for index in 0..<slots.capacity
        where connections[index].upstream == upstream && connections[index].phase == .connecting {
            guard let other = slots.slot(at: index), other != connection,
                isRaced(other), !connections[index].isRetired
            else { continue }
            return other
        }
        return nil
    }

    /// Whether it is the connection that queries wait on, or one that could take its place.
    private func isRaced(_ connection: ConnectionID) -> Bool {
        let state = connections[Int(connection.index)]
        return state.isContestant || states[state.upstream].current == connection
    }

    /// Tries the next address as well when one takes long: the first that is up is used.
    mutating func tryAnotherAddress(beside connection: ConnectionID, now: Instant) {
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        guard isRaced(connection), !connections[index].isRetired, servers[index] != nil,
            nextAddress(of: upstream) != nil,
            let contestant = makeConnection(to: upstream, now: now)
        else { return }
        connections[Int(contestant.index)].isContestant = true
        connections[Int(contestant.index)].contactedAt = connections[index].contactedAt
        begin(contestant, now: now)
    }

    /// Notes that `connection` was up first of those that were tried at the same time.
    mutating func win(_ connection: ConnectionID) {
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        // One that was wanted for late answers says nothing about the first.
        if let place = place(of: connection), states[upstream].extra != connection {
            states[upstream].preferredAddress = UInt8(place)
        }
        guard connections[index].isContestant else { return }
        connections[index].isContestant = false
        if let current = states[upstream].current, !isConnected(upstream) {
            connections[Int(current.index)].isContestant = true
        }
    }

    func place(of connection: ConnectionID) -> Int? {
        let index = Int(connection.index)
        guard let server = servers[index] else { return nil }
        return details[connections[index].upstream]?.servers.firstIndex(of: server)
    }

    /// Makes the next connection begin with another address than that of `connection`.
    mutating func preferAnotherAddress(than connection: ConnectionID) {
        let upstream = connections[Int(connection.index)].upstream
        guard let place = place(of: connection), states[upstream].addressCount > 1,
            states[upstream].preferredAddress == UInt8(place)
        else { return }
        states[upstream].preferredAddress = UInt8(place + 1) % states[upstream].addressCount
    }

    /// Goes on with another address after that of `connection` failed; false when all have.
    ///
    /// The upstream as a whole has not failed as long as one address has not.
    mutating func turnAway(from connection: ConnectionID, now: Instant) -> Bool {
        let index = Int(connection.index)
        let upstream = connections[index].upstream
        guard states[upstream].addressCount > 1, let place = place(of: connection) else {
            return false
        }
        states[upstream].failedAddresses |= 1 << UInt8(place)
        preferAnotherAddress(than: connection)
        let other = attempt(at: upstream, besides: connection)
        if nextAddress(of: upstream) == nil, other == nil {
            states[upstream].failedAddresses = 0
            return false
        }
        guard connections[index].phase == .connecting else { return true }
        if states[upstream].current == nil, let other { promote(other) }
        goOn(after: connection, now: now)
        return true
    }

    /// Connects to the next address at once, where there is one and the upstream is not up.
    private mutating func goOn(after connection: ConnectionID, now: Instant) {
        let failed = connections[Int(connection.index)]
        guard nextAddress(of: failed.upstream) != nil else { return }
        let current = states[failed.upstream].current
        guard current.map({ connections[Int($0.index)].phase == .connecting }) ?? true,
            let next = makeConnection(to: failed.upstream, now: now)
        else { return }
        connections[Int(next.index)].contactedAt = failed.contactedAt
        if current == nil {
            states[failed.upstream].current = next
        } else {
            connections[Int(next.index)].isContestant = true
        }
        begin(next, now: now)
    }

    /// Lets queries wait on what was one more attempt.
    private mutating func promote(_ connection: ConnectionID) {
        let index = Int(connection.index)
        connections[index].isContestant = false
        states[connections[index].upstream].current = connection
    }

    /// What to tell of a failure: which address it was, where the operator named none.
    func words(_ text: String, at server: UpstreamServer?, of upstream: Int) -> String {
        guard case .host = details[upstream]?.target, let server else { return text }
        return "\(server.endpoint.address): \(text)"
    }
}
