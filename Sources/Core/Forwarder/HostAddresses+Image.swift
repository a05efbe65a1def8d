internal import DNSWire
internal import NetAddress

// What is known as octets, for the next process to go on with. All numbers in network order:
//
//     count 1, then for each: length of the name 1, name, count of addresses 1, and for each of
//     these: family 1 (4 or 6), address 4 or 16
extension HostAddresses {
    /// All of `known` as octets, at most 255.
    public static func packed(_ known: [HostAddresses]) -> [UInt8] {
        let known = known.prefix(Int(UInt8.max))
        var octets = [UInt8(known.count)]
        for one in known {
            let name = Array(one.name.description.utf8)
            // A name has at most 253 octets.
            octets.append(UInt8(name.count))
            octets += name
            let addresses = one.addresses.prefix(Int(UInt8.max))
            octets.append(UInt8(addresses.count))
            for address in addresses { append(address, to: &octets) }
        }
        return octets
    }

    private static func append(_ address: IPAddress, to octets: inout [UInt8]) {
        octets.append(address.family == .v4 ? 4 : 6)
        let words =
            address.family == .v4
            ? [address.v4Bits]
            : [
                UInt32(truncatingIfNeeded: address.high >> 32),
                UInt32(truncatingIfNeeded: address.high),
                UInt32(truncatingIfNeeded: address.low >> 32),
                UInt32(truncatingIfNeeded: address.low),
            ]
        for word in words {
            for shift: UInt32 in [24, 16, 8, 0] {
                octets.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
    }

    /// What `packed` wrote at the start of `octets`, and where that ends; `nil` when it makes no
    /// sense.
    public static func unpack(_ octets: RawSpan) -> (known: [HostAddresses], end: Int)? {
        var reader = Reader(octets: octets)
        guard let count = reader.octet() else { return nil }
        var known: [HostAddresses] = []
        for _ in 0..<count {
            guard let one = reader.host() else { return nil }
            known.append(one)
        }
        return (known, reader.offset)
    }
}

/// Takes octets apart that need not make sense.
private struct Reader: ~Escapable {
    private let octets: RawSpan
    private(set) var offset = 0

    @_lifetime(copy octets)
    init(octets: RawSpan) {
        self.octets = octets
    }

    mutating func octet() -> UInt8? {
        guard offset < octets.byteCount else { return nil }
        defer { offset += 1 }
        return octets.octet(at: offset)
    }

    private mutating func word() -> UInt32? {
        guard octets.byteCount - offset >= 4 else { return nil }
        defer { offset += 4 }
        return octets.uint32(at: offset)
    }

    mutating func host() -> HostAddresses? {
        guard let length = octet(), octets.byteCount - offset >= Int(length) else { return nil }
        var text: [UInt8] = []
        for _ in 0..<length {
            guard let character = octet() else { return nil }
            text.append(character)
        }
        guard let name = ServerName(String(decoding: text, as: UTF8.self)), let count = octet()
        else { return nil }
        var addresses: [IPAddress] = []
        for _ in 0..<count {
            guard let address = address() else { return nil }
            addresses.append(address)
        }
        return HostAddresses(name: name, addresses: addresses)
    }

    private mutating func address() -> IPAddress? {
        guard let family = octet(), let first = word() else { return nil }
        if family == 4 { return IPAddress(v4: first) }
        guard family == 6, let second = word(), let third = word(), let fourth = word() else {
            return nil
        }
        return IPAddress(
            v6High: UInt64(first) << 32 | UInt64(second), low: UInt64(third) << 32 | UInt64(fourth))
    }
}
