/// An IPv4 or IPv6 address.
///
/// IPv4 addresses keep their 32 bits in the low half; the two families never compare equal.
@frozen
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
    /// The address family.
    @frozen
    public enum Family: UInt8, Sendable {
        case v4
        case v6
    }

    /// The upper 64 bits of an IPv6 address; zero for IPv4.
    public let high: UInt64
    /// The lower 64 bits of an IPv6 address; an IPv4 address in its last 32 bits.
    public let low: UInt64
    public let family: Family

    @inlinable
    public init(v4 bits: UInt32) {
        high = 0
        low = UInt64(bits)
        family = .v4
    }

    @inlinable
    public init(v6High high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
        family = .v6
    }

    /// The IPv4 address's bits in host order; the last 32 bits of an IPv6 address.
    @inlinable
    public var v4Bits: UInt32 { UInt32(truncatingIfNeeded: low) }

    /// `0.0.0.0` or `::`.
    public var isUnspecified: Bool { high == 0 && low == 0 }

    /// `127.0.0.0/8` or `::1`.
    public var isLoopback: Bool {
        family == .v4 ? v4Bits >> 24 == 127 : high == 0 && low == 1
    }

    /// `224.0.0.0/4` or `ff00::/8`.
    public var isMulticast: Bool {
        family == .v4 ? v4Bits >> 28 == 14 : high >> 56 == 0xff
    }

    /// The limited broadcast address `255.255.255.255`.
    public var isBroadcast: Bool { family == .v4 && v4Bits == .max }

    /// Whether this is an IPv6 link-local address (`fe80::/10`), which means something only with
    /// an interface.
    public var isLinkLocal: Bool { family == .v6 && high >> 54 == 0x3fa }

    /// The IPv4 address inside `::ffff:0:0/96`, or the address itself.
    @inlinable
    public var unmapped: IPAddress {
        family == .v6 && high == 0 && low >> 32 == 0xffff ? IPAddress(v4: v4Bits) : self
    }
}
