internal import NetAddress

/// The zones that are answered here because nobody else knows about them.
///
/// RFC 6761 and 7686 (names), RFC 6303 and 7793 (reverse lookups of networks that everybody has),
/// RFC 8375 (`home.arpa`) and RFC 9462 section 8.1 (`resolver.arpa`).
enum SpecialNames {
    /// What a zone answers.
    enum Kind: UInt8 {
        /// Nothing is asked for it here.
        case none
        /// There is nothing in it.
        case empty
        /// Every name in it is this host (RFC 6761 section 6.3).
        case loopback
        /// It is asked for as if it were nothing special.
        case forwarded
    }

    /// The zones with nothing in them, and `localhost`.
    static var all: [(name: FoldedName, kind: Kind)] {
        let names = ["invalid", "onion", "test", "home.arpa", "resolver.arpa"]
        let empty =
            names + reverseV4.map { $0 + ".in-addr.arpa" }
            + reverseV6.map { $0 + ".ip6.arpa" }
        return [("localhost", .loopback)].compactMap(named)
            + empty.map { ($0, .empty) }.compactMap(named)
    }

    private static func named(
        _ zone: (text: String, kind: Kind)
    ) -> (name: FoldedName, kind: Kind)? {
        FoldedName(zone.text).map { ($0, zone.kind) }
    }

    private static let reverseV4 =
        ["0", "10", "127", "254.169", "168.192", "2.0.192", "100.51.198", "113.0.203"]
        + ["255.255.255.255"] + (16...31).map { "\($0).172" } + (64...127).map { "\($0).100" }

    /// Unspecified, loopback, unique local, link-local, documentation.
    private static let reverseV6 =
        [zeros(32), "1." + zeros(31)] + ["d.f", "8.e.f", "9.e.f", "a.e.f", "b.e.f"]
        + ["8.b.d.0.1.0.0.2"]

    private static func zeros(_ count: Int) -> String {
        Array(repeating: "0", count: count).joined(separator: ".")
    }

    /// Names with something to say inside the zones above.
    static let records: [LocalRecord] = [
        IPAddress(v4: 0x7f00_0001), IPAddress(v6High: 0, low: 1),
    ].compactMap { address in
        FoldedName("localhost").map {
            LocalRecord(
                name: FoldedName(reverseOf: address), timeToLive: timeToLive, data: .pointer($0))
        }
    }

    /// Where encrypted resolvers would be named: that there is none must not be taken for a name
    /// that does not exist (RFC 9462 section 4).
    static let designation = FoldedName("_dns.resolver.arpa")

    /// Of what is in the zones and of what is not, in seconds (RFC 6303 section 3).
    static let timeToLive: UInt32 = 10_800
}
