/// The addresses that begin with the same bits: `192.168.0.0/16`.
public struct AddressPrefix: Hashable, Sendable {
    /// The first address, in which all bits behind the prefix are clear.
    public let address: IPAddress
    /// How many bits are the same, 0 to 32 or 128.
    public let length: Int

    /// Makes the prefix of `length` bits that `address` is in; `nil` when it has fewer bits.
    public init?(_ address: IPAddress, length: Int) {
        guard (0...address.family.bitCount).contains(length) else { return nil }
        self.address = address.masked(to: length)
        self.length = length
    }

    public func contains(_ other: IPAddress) -> Bool {
        other.family == address.family && other.masked(to: length) == address
    }
}

extension AddressPrefix: CustomStringConvertible {
    /// Reads `192.168.0.0/16`, or an address alone for that address alone.
    ///
    /// `nil` also when a bit behind the prefix is set: one of the two must be a slip.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        var length = address.family.bitCount
        if parts.count == 2 {
            guard (1...3).contains(parts[1].utf8.count),
                parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
                let number = Int(parts[1])
            else { return nil }
            length = number
        }
        self.init(address, length: length)
        guard self.address == address else { return nil }
    }

    /// `192.168.0.0/16`, and an address alone where it is the only one.
    public var description: String {
        length == address.family.bitCount ? "\(address)" : "\(address)/\(length)"
    }
}

extension IPAddress.Family {
    /// The bits of an address.
    @inlinable
    public var bitCount: Int { self == .v4 ? 32 : 128 }
}

extension IPAddress {
    /// The address with all bits clear but the first `length`, which are 0 to 32 or 128.
    @inlinable
    public func masked(to length: Int) -> IPAddress {
        guard family == .v6 else {
            return IPAddress(v4: length == 0 ? 0 : v4Bits & UInt32.max << UInt32(32 &- length))
        }
        // Shifts by 64 and more give zero.
        return IPAddress(
            v6High: high & ~(UInt64.max >> max(0, length)),
            low: low & ~(UInt64.max >> max(0, length &- 64)))
    }
}
