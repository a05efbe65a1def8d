public import Collections
public import NetAddress

// Late answers of an upstream that has several addresses, asked for at another one.
extension Pool {
    /// Whether a late answer of `upstream` could be asked for at another address.
    public func hasOtherAddress(_ upstream: Int) -> Bool { states[upstream].addressCount > 1 }

    /// Puts `exchange` on a connection to another address of the upstream that it waits for on
    /// `connection`, which is left alone.
    ///
    /// That is the second connection, of which there is none beyond `maximumConnections`.
    public mutating func assignOtherAddress(
        _ exchange: UInt16, besides connection: ConnectionID, now: Instant
    ) -> Assignment? {
        guard let upstream = upstream(of: connection), isConnected(upstream),
            carrier(of: connection) == .tls
        else { return nil }
        let (current, extra) = (states[upstream].current, states[upstream].extra)
        guard let other = current == connection ? extra : current else {
            return openAside(connection, now: now).flatMap { put(exchange, on: $0, now: now) }
        }
        guard servers[Int(other.index)] != servers[Int(connection.index)], hasRoom(other) else {
            return nil
        }
        return put(exchange, on: other, now: now)
    }

    /// Connects to another address than `connection`, the only one of its upstream.
    private mutating func openAside(
        _ connection: ConnectionID, now: Instant
    ) -> ConnectionID? {
        let upstream = connections[Int(connection.index)].upstream
        let state = states[upstream]
        guard state.current == connection, state.addressCount > 1, state.otherAddressAt <= now,
            settings(of: upstream).maximumConnections > 1, let place = place(of: connection),
            let other = makeConnection(to: upstream, now: now)
        else { return nil }
        let step = 1 + Int(state.otherAddress % (state.addressCount - 1))
        states[upstream].extra = other
        begin(other, at: (place + step) % Int(state.addressCount), now: now)
        return other
    }

    /// Whether it is being made to another address than that of the connection that is in use.
    func isAside(_ connection: ConnectionID) -> Bool {
        let state = connections[Int(connection.index)]
        guard state.phase == .connecting, states[state.upstream].extra == connection,
            let current = states[state.upstream].current, isConnected(state.upstream)
        else { return false }
        return servers[Int(current.index)] != servers[Int(connection.index)]
    }

    /// Takes note that another address could not be connected to: the upstream is well.
    mutating func noteOtherAddressFailed(_ upstream: Int, now: Instant) {
        states[upstream].otherAddress &+= 1
        states[upstream].otherAddressAt = now + Limits.otherAddressPause
    }

    /// Has the addresses of both connections change places, the one in use being late so often.
    mutating func changeAddress(of upstream: Int) {
        guard let current = states[upstream].current, let extra = states[upstream].extra,
            connections[Int(extra.index)].phase == .ready, isConnected(upstream),
            servers[Int(current.index)] != servers[Int(extra.index)], let place = place(of: extra)
        else { return }
        states[upstream].current = extra
        states[upstream].extra = current
        states[upstream].preferredAddress = UInt8(place)
        states[upstream].lateness = 0
    }
}
