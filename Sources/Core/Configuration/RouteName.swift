public import NetAddress

/// What a route is for, as an operator says it: a domain, or addresses whose names are looked up.
public enum RouteName: Equatable, Sendable, CustomStringConvertible {
    case domain(FoldedName)
    /// The names of the reverse lookups of these addresses.
    case addresses(AddressPrefix)

    /// Reads `corp.example`, `.` for all names, or `10.0.0.0/8`; `~` may stand before a domain, as
    /// systemd-resolved has it.
    init?(_ text: some StringProtocol) {
        if let prefix = AddressPrefix(text) {
            self = .addresses(prefix)
            return
        }
        let domain = text.hasPrefix("~") ? text.dropFirst() : text[...]
        // An address that is none, as in 10.0.0.1/33 or 10.1, would be a domain nobody asks for.
        guard let name = FoldedName(domain), name.labels.last?.allSatisfy(\.isDigit) != true else {
            return nil
        }
        self = .domain(name)
    }

    /// What is asked about it, with all names below.
    ///
    /// A prefix that ends amid a label is several domains, up to 128.
    public var domains: [FoldedName] {
        switch self {
        case .domain(let name): return [name]
        case .addresses(let prefix):
            let width = prefix.address.family == .v4 ? 8 : 4
            let labels = (prefix.length + width - 1) / width
            let free = labels * width - prefix.length
            return (0..<(1 << free)).compactMap { number in
                let address = prefix.address.adding(number, behind: labels * width)
                let reverse = FoldedName(reverseOf: address)
                let dropped = prefix.address.family.bitCount / width - labels
                return (0..<dropped).reduce(reverse) { name, _ in name?.parent }
            }
        }
    }

    public var description: String {
        switch self {
        case .domain(let name): name.description
        case .addresses(let prefix): prefix.description
        }
    }
}

extension IPAddress {
    /// The address with `number` added to its first `length` bits.
    fileprivate func adding(_ number: Int, behind length: Int) -> IPAddress {
        if family == .v4 {
            guard length > 0 else { return self }
            return IPAddress(v4: v4Bits &+ UInt32(number) << UInt32(32 - length))
        }
        if length > 64 {
            return IPAddress(v6High: high, low: low &+ UInt64(number) << (128 - length))
        }
        guard length > 0 else { return self }
        return IPAddress(v6High: high &+ UInt64(number) << (64 - length), low: low)
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (0x30...0x39).contains(self) }
}
