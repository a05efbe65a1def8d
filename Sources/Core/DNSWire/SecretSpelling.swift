/// A spelling of names in which each letter is upper or lower case by the bits of a secret.
///
/// Servers repeat a question as it was spelled, and who has not seen it must guess that as well
/// (draft-vixie-dnsext-dns0x20).
@frozen
public struct SecretSpelling: Sendable {
    @usableFromInline let seed: UInt64

    /// Takes a number that nobody else knows; the same number spells in the same way.
    @inlinable
    public init(seed: UInt64) {
        self.seed = seed
    }

    /// Spells the folded name of `length` octets from `offset` on.
    public func apply(to message: inout MutableRawSpan, from offset: Int, length: Int) {
        for index in 0..<length {
            message.setOctet(
                spelled(message.octet(at: offset &+ index), index), at: offset &+ index)
        }
    }

    /// Whether the octets from `offset` on are the folded `name` in this spelling.
    public func matches(_ message: RawSpan, from offset: Int, _ name: RawSpan) -> Bool {
        guard message.byteCount &- offset >= name.byteCount else { return false }
        for index in 0..<name.byteCount
        where message.octet(at: offset &+ index) != spelled(name.octet(at: index), index) {
            return false
        }
        return true
    }

    /// Length octets are below 64, so they are never taken for letters.
    private func spelled(_ octet: UInt8, _ index: Int) -> UInt8 {
        guard (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet) else { return octet }
        return bit(index) ? octet & ~0x20 : octet
    }

    /// Bit `index` of an endless number made of the seed.
    private func bit(_ index: Int) -> Bool {
        var word = seed &+ UInt64(index >> 6) &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ word >> 30) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ word >> 27) &* 0x94d0_49bb_1331_11eb
        return (word ^ word >> 31) >> UInt64(index & 63) & 1 == 1
    }
}
