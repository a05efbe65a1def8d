/// An address, a port and, for IPv6 link-local addresses, an interface.
@frozen
public struct Endpoint: Hashable, Sendable, BitwiseCopyable {
    public let address: IPAddress
    public let port: UInt16
    /// The interface index of an IPv6 link-local address (`sin6_scope_id`), zero elsewhere.
    public let scope: UInt32

    @inlinable
    public init(address: IPAddress, port: UInt16, scope: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = scope
    }
}

extension Endpoint: CustomStringConvertible {
    /// Reads `192.0.2.1`, `192.0.2.1:853`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:853`.
    ///
    /// A numeric zone (`%2`) is an interface index and belongs to link-local addresses alone.
    /// `defaultPort` stands where no port is given.
    public init?(_ text: some StringProtocol, defaultPort: UInt16) {
        var address = text[...]
        var port: UInt16? = defaultPort
        if address.first == "[" {
            guard let end = address.firstIndex(of: "]") else { return nil }
            let rest = address[address.index(after: end)...]
            address = address[address.index(after: address.startIndex)..<end]
            guard address.contains(":") else { return nil }
            if !rest.isEmpty {
                guard rest.first == ":" else { return nil }
                port = Self.parsePort(rest.dropFirst())
            }
        } else if let colon = address.firstIndex(of: ":"),
            !address[address.index(after: colon)...].contains(":")
        {
            port = Self.parsePort(address[address.index(after: colon)...])
            address = address[..<colon]
        }
        let parts = address.split(separator: "%", omittingEmptySubsequences: false)
        guard let port, parts.count <= 2, let first = parts.first, let value = IPAddress(first)
        else { return nil }
        var scope: UInt32 = 0
        if parts.count == 2 {
            guard value.isLinkLocal, Self.isDecimal(parts[1]), let zone = UInt32(parts[1]),
                zone != 0
            else { return nil }
            scope = zone
        }
        self.init(address: value, port: port, scope: scope)
    }

    /// `192.0.2.1:853` or `[2001:db8::1]:853`.
    public var description: String {
        let zone = scope == 0 ? "" : "%\(scope)"
        return address.family == .v4 ? "\(address):\(port)" : "[\(address)\(zone)]:\(port)"
    }

    private static func parsePort(_ text: some StringProtocol) -> UInt16? {
        guard text.utf8.count <= 5, isDecimal(text), let port = UInt16(text), port != 0 else {
            return nil
        }
        return port
    }

    /// Whether `text` is digits alone: the initializers of integers take a sign as well.
    private static func isDecimal(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
