import NetAddress

// The tickets as octets, for the next process to go on with. All numbers in network order:
//
//     count of tickets 4, then for each: family 1 (4 or 6), version 1 (2 or 3), length of the
//     name 1 (0 for none), count of pins 1, address 16, port 2, scope 4, trust digest 32,
//     last second of use 8, length of the session 4, name, pins of 32 each, session
extension TicketStore {
    /// All tickets as octets; what they are worth is secret.
    public func packed() -> [UInt8] {
        let tickets = all
        var octets: [UInt8] = []
        append(UInt32(tickets.count), to: &octets)
        for ticket in tickets { ticket.pack(into: &octets) }
        return octets
    }

    /// Takes in the tickets of `octets` that are of use still; `nil` when they make no sense.
    ///
    /// Gives their number. Each is only ever used for what its identity names.
    public func unpack(_ octets: RawSpan) -> Int? {
        unpack(octets, at: secondsSinceEpoch())
    }

    func unpack(_ octets: RawSpan, at seconds: Int64) -> Int? {
        var reader = TicketReader(octets: octets)
        guard let count = reader.number(4), count <= Limits.ticketsPerServer * Limits.ticketServers
        else { return nil }
        var tickets: [SessionTicket] = []
        for _ in 0..<count {
            guard let ticket = reader.ticket() else { return nil }
            tickets.append(ticket)
        }
        guard reader.isAtEnd else { return nil }
        // A clock that was set back would keep a ticket for longer than it may be.
        let usable = tickets.filter {
            $0.notAfter >= seconds && $0.notAfter - seconds <= Limits.ticketSeconds
        }
        for ticket in usable { put(ticket) }
        return usable.count
    }
}

extension SessionTicket {
    fileprivate func pack(into octets: inout [UInt8]) {
        let server = identity.server
        let name = server.name.map { Array($0.description.utf8) } ?? []
        octets.append(server.endpoint.address.family == .v4 ? 4 : 6)
        octets.append(identity.minimumVersion == .v12 ? 2 : 3)
        // A name has at most 253 octets; pins beyond 255 are beyond what a line can hold.
        octets.append(UInt8(name.count))
        octets.append(UInt8(min(server.pins.count, Int(UInt8.max))))
        append(server.endpoint.address.high, to: &octets)
        append(server.endpoint.address.low, to: &octets)
        append(server.endpoint.port, to: &octets)
        append(server.endpoint.scope, to: &octets)
        for word in identity.trust.words { append(word, to: &octets) }
        append(UInt64(bitPattern: notAfter), to: &octets)
        append(UInt32(data.count), to: &octets)
        octets += name
        for pin in server.pins.prefix(Int(UInt8.max)) { octets += pin.digest }
        octets += data
    }
}

private func append(_ number: some FixedWidthInteger, to octets: inout [UInt8]) {
    for shift in stride(from: number.bitWidth - 8, through: 0, by: -8) {
        octets.append(UInt8(truncatingIfNeeded: number >> shift))
    }
}

/// Takes octets apart that need not make sense.
private struct TicketReader: ~Escapable {
    private let octets: RawSpan
    private var offset = 0

    @_lifetime(copy octets)
    init(octets: RawSpan) {
        self.octets = octets
    }

    var isAtEnd: Bool { offset == octets.byteCount }

    /// A number of so many octets, up to eight.
    mutating func word(_ count: Int) -> UInt64? {
        guard octets.byteCount - offset >= count else { return nil }
        var word: UInt64 = 0
        for place in offset..<(offset + count) { word = word << 8 | UInt64(octet(at: place)) }
        offset += count
        return word
    }

    mutating func number(_ count: Int) -> Int? {
        word(count).flatMap { Int(exactly: $0) }
    }

    mutating func bytes(_ count: Int) -> [UInt8]? {
        guard octets.byteCount - offset >= count else { return nil }
        defer { offset += count }
        return (offset..<(offset + count)).map { octet(at: $0) }
    }

    private func octet(at place: Int) -> UInt8 {
        // Any bit pattern is a UInt8; the offset is checked by the call.
        unsafe octets.unsafeLoad(fromByteOffset: place, as: UInt8.self)
    }

    mutating func ticket() -> SessionTicket? {
        guard let family = number(1), let version = number(1), let nameLength = number(1),
            let pinCount = number(1), let endpoint = endpoint(family),
            let first = word(8), let second = word(8), let third = word(8), let fourth = word(8),
            let notAfter = word(8), let length = number(4), let name = bytes(nameLength),
            let pins = pins(pinCount), let data = bytes(length), (2...3).contains(version)
        else { return nil }
        let serverName = ServerName(String(decoding: name, as: UTF8.self))
        guard nameLength == 0 || serverName != nil else { return nil }
        let server = UpstreamServer(endpoint: endpoint, name: serverName, pins: pins)
        let identity = TicketIdentity(
            server: server, trust: TrustDigest(words: (first, second, third, fourth)),
            minimumVersion: version == 2 ? .v12 : .v13)
        return SessionTicket(
            data: data, identity: identity, notAfter: Int64(bitPattern: notAfter))
    }

    private mutating func endpoint(_ family: Int) -> Endpoint? {
        guard let high = word(8), let low = word(8), let port = word(2), let scope = word(4) else {
            return nil
        }
        let address: IPAddress
        switch family {
        case 4:
            guard high == 0, let bits = UInt32(exactly: low) else { return nil }
            address = IPAddress(v4: bits)
        case 6: address = IPAddress(v6High: high, low: low)
        default: return nil
        }
        return Endpoint(address: address, port: UInt16(port), scope: UInt32(scope))
    }

    private mutating func pins(_ count: Int) -> [PublicKeyPin]? {
        var pins: [PublicKeyPin] = []
        for _ in 0..<count {
            guard let digest = bytes(32), let pin = PublicKeyPin(digest: digest) else {
                return nil
            }
            pins.append(pin)
        }
        return pins
    }
}
