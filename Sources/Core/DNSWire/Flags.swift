/// The second 16 bits of a DNS header (RFC 1035 section 4.1.1, RFC 2535 section 6.1).
@frozen
public struct Flags: OptionSet, Hashable, Sendable {
    public var rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    public static let response = Flags(rawValue: 0x8000)
    public static let authoritative = Flags(rawValue: 0x0400)
    public static let truncated = Flags(rawValue: 0x0200)
    public static let recursionDesired = Flags(rawValue: 0x0100)
    public static let recursionAvailable = Flags(rawValue: 0x0080)
    /// The bit that stays zero.
    public static let reserved = Flags(rawValue: 0x0040)
    public static let authenticData = Flags(rawValue: 0x0020)
    public static let checkingDisabled = Flags(rawValue: 0x0010)

    /// OPCODE, 0 for a standard query.
    @inlinable
    public var opcode: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 11 & 15) }

    /// The OPCODE alone, every other bit clear.
    @inlinable
    public var opcodeBits: Flags { Flags(rawValue: rawValue & 0x7800) }

    /// The low four bits of the RCODE.
    @inlinable
    public var responseCode: UInt8 { UInt8(truncatingIfNeeded: rawValue & 15) }

    /// The same flags with the low four bits of `code` as RCODE.
    @inlinable
    public func with(_ code: ResponseCode) -> Flags {
        Flags(rawValue: rawValue & 0xfff0 | code.rawValue & 15)
    }
}
