/// What an OPT record says (RFC 6891 section 6.1).
@frozen
public struct EDNS: Equatable, Sendable {
    /// The largest UDP message that its sender takes.
    public var payloadSize: UInt16
    /// The upper eight bits of the RCODE.
    public var upperCode: UInt8
    public var version: UInt8
    /// The DO bit (RFC 3225).
    public var dnssecOK: Bool
    /// Whether an edns-tcp-keepalive option is there (RFC 7828).
    public var hasKeepalive: Bool
    /// The idle timeout in that option, in units of 100 ms; zero when it carries none.
    public var keepalive: UInt16
    /// Whether the option carries one: a server says zero where it wants no idle connections.
    public var hasKeepaliveTime: Bool
    /// Where the first extended DNS error is in the message: the whole option (RFC 8914).
    public var extendedErrorStart: UInt32
    /// Octets of that option, zero when there is none.
    public var extendedErrorLength: UInt32

    /// EDNS option codes (IANA registry "DNS EDNS0 Option Codes").
    public enum Option {
        public static let keepalive: UInt16 = 11
        public static let padding: UInt16 = 12
        public static let extendedError: UInt16 = 15
    }

    /// An OPT record without options: owner, TYPE, CLASS, TTL and RDLENGTH.
    public static let minimumByteCount = 11

    /// Where the first extended DNS error is, empty when there is none.
    @inlinable
    public var extendedError: Range<Int> {
        let start = Int(extendedErrorStart)
        return start..<(start &+ Int(extendedErrorLength))
    }

    /// Reads the OPT record whose fields after the owner name begin at `fields`, and its options
    /// in `data`, which must be within the message.
    @inlinable
    @inline(__always)
    public init(_ message: RawSpan, fields: Int, data: Range<Int>) throws(WireError) {
        // TYPE, size, RCODE, version and the first octet of the flags.
        let fixed = message.uint64(at: fields &- 1)
        payloadSize = UInt16(truncatingIfNeeded: fixed >> 24)
        upperCode = UInt8(truncatingIfNeeded: fixed >> 16)
        version = UInt8(truncatingIfNeeded: fixed >> 8)
        dnssecOK = fixed & 0x80 != 0
        hasKeepalive = false
        keepalive = 0
        hasKeepaliveTime = false
        extendedErrorStart = 0
        extendedErrorLength = 0
        if !data.isEmpty { try readOptions(message, data) }
    }

    @inlinable
    mutating func readOptions(_ message: RawSpan, _ data: Range<Int>) throws(WireError) {
        var offset = data.lowerBound
        while offset < data.upperBound {
            guard data.upperBound &- offset >= 4 else { throw .badOption }
            let code = message.uint16(at: offset)
            let length = Int(message.uint16(at: offset &+ 2))
            guard data.upperBound &- offset &- 4 >= length else { throw .badOption }
            if code == Option.keepalive {
                hasKeepalive = true
                if length == 2 {
                    keepalive = message.uint16(at: offset &+ 4)
                    hasKeepaliveTime = true
                }
            } else if code == Option.extendedError, length >= 2, extendedErrorLength == 0 {
                extendedErrorStart = UInt32(truncatingIfNeeded: offset)
                extendedErrorLength = UInt32(truncatingIfNeeded: length &+ 4)
            }
            offset &+= 4 &+ length
        }
    }
}
