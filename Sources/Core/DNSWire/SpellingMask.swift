/// Which octets of a name were written in upper case, one bit for each of the 255.
///
/// What a client's spelling adds to the folded name: with both the spelling is restored
/// (the 0x20 bits that some clients check).
@frozen
public struct SpellingMask: Equatable, Sendable {
    @usableFromInline var first: UInt64 = 0
    @usableFromInline var second: UInt64 = 0
    @usableFromInline var third: UInt64 = 0
    @usableFromInline var fourth: UInt64 = 0

    /// The mask of a name written all in lower case.
    @inlinable
    public init() {}

    @inlinable
    public var isEmpty: Bool { first | second | third | fourth == 0 }

    /// Sets the bits of the eight octets from `offset` on, a multiple of eight.
    @inlinable
    mutating func set(_ bits: UInt64, from offset: Int) {
        let shifted = bits << UInt64(offset & 63)
        switch offset >> 6 {
        case 0: first |= shifted
        case 1: second |= shifted
        case 2: third |= shifted
        default: fourth |= shifted
        }
    }

    /// The bits of the eight octets from `offset` on, a multiple of eight.
    @inlinable
    func bits(from offset: Int) -> UInt64 {
        let word: UInt64 =
            switch offset >> 6 {
            case 0: first
            case 1: second
            case 2: third
            default: fourth
            }
        return word >> UInt64(offset & 63) & 0xff
    }
}
