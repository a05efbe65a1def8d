import NetAddress

extension Certificate.AlternativeName {
    /// Whether this is a dNSName that covers `name` (RFC 9525 section 6.3).
    ///
    /// A wildcard is a whole leftmost label, stands for exactly one label, and needs two labels
    /// after it.
    func covers(_ name: ServerName) -> Bool {
        guard case .dns(let octets) = self else { return false }
        let presented = octets.map(Self.lowercased)
        let wanted = Array(name.description.utf8)
        if presented == wanted { return true }
        let dot = UInt8(ascii: ".")
        guard presented.starts(with: [UInt8(ascii: "*"), dot]),
            presented.count(where: { $0 == dot }) >= 2,
            let firstDot = wanted.firstIndex(of: dot)
        else { return false }
        return presented[1...] == wanted[firstDot...]
    }

    /// Whether this is the iPAddress `address` (RFC 9525 section 6.4).
    func covers(_ address: IPAddress) -> Bool {
        self == .address(address.octets)
    }

    /// As it is told in a log line.
    var words: String {
        switch self {
        case .dns(let octets): printable(octets)
        case .address(let octets): IPAddress(octets: octets)?.description ?? "?"
        }
    }

    private static func lowercased(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }
}

extension IPAddress {
    /// The 4 or 16 octets in network order.
    var octets: [UInt8] {
        let value = self
        return switch family {
        case .v4: (0..<4).map { UInt8(truncatingIfNeeded: value.low >> (24 - 8 * $0)) }
        case .v6:
            (0..<8).map { UInt8(truncatingIfNeeded: value.high >> (56 - 8 * $0)) }
                + (0..<8).map { UInt8(truncatingIfNeeded: value.low >> (56 - 8 * $0)) }
        }
    }

    fileprivate init?(octets: [UInt8]) {
        let words = stride(from: 0, to: octets.count, by: 8).map { start in
            octets[start..<min(start + 8, octets.count)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        switch octets.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: words[0]))
        case 16: self.init(v6High: words[0], low: words[1])
        default: return nil
        }
    }
}
