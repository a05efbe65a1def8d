extension IPAddress {
    /// Whether the address means something only on this host, this link or in this network.
    ///
    /// What the special-purpose registries (RFC 6890) say is not globally reachable and may be
    /// a machine nearby, however it is written: IPv4 inside IPv6 counts as that IPv4 address.
    public var isPrivate: Bool {
        family == .v4 ? Self.isPrivate(v4: v4Bits) : isPrivateV6
    }

    private static func isPrivate(v4 bits: UInt32) -> Bool {
        switch bits >> 24 {
        case 0, 10, 127: true  // this host, private, loopback
        case 100: bits >> 22 == 0x191  // 100.64.0.0/10, behind a carrier's NAT (RFC 6598)
        case 169: bits >> 16 == 0xa9fe  // 169.254.0.0/16, link-local
        case 172: bits >> 20 == 0xac1  // 172.16.0.0/12
        case 192: bits >> 16 == 0xc0a8  // 192.168.0.0/16
        default: bits == .max
        }
    }

    private var isPrivateV6: Bool {
        // Unspecified, loopback, and IPv4 in its two old spellings (RFC 4291 section 2.5.5).
        if high == 0, low >> 32 == 0 || low >> 32 == 0xffff { return Self.isPrivate(v4: v4Bits) }
        switch high >> 48 {
        case 0xfc00...0xfdff: return true  // unique local (RFC 4193)
        case 0xfe80...0xfeff: return true  // link-local, and what was site-local
        case 0x2002: return Self.isPrivate(v4: UInt32(truncatingIfNeeded: high >> 16))  // 6to4
        case 0x0064: return isPrivateTranslation
        default: return false
        }
    }

    /// Translators: the well-known prefix with IPv4 inside, and that for networks' own use
    /// (RFC 6052 section 2.1, RFC 8215).
    private var isPrivateTranslation: Bool {
        if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 { return Self.isPrivate(v4: v4Bits) }
        return high >> 16 == 0x0064_ff9b_0001
    }
}
