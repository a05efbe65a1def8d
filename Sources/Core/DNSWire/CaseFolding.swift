/// Lower-casing of names, A to Z only (RFC 4343), eight octets at a time.
///
/// Length octets are below 64, so folding the octets of a name blindly leaves them alone.
public enum CaseFolding {
    /// Eight octets in lower case.
    @inlinable
    @inline(__always)
    public static func lowered(_ word: UInt64) -> UInt64 {
        // 0x80 of each upper-case octet, moved to 0x20, turns it into lower case.
        word | upperCaseBits(word) >> 2
    }

    /// What is written in upper case of the `length` octets from `offset` on.
    @inlinable
    public static func spelling(
        of source: RawSpan, from offset: Int, length: Int
    ) -> SpellingMask {
        var mask = SpellingMask()
        var done = 0
        while done < length {
            let word = loadWord(source, at: offset &+ done, available: length &- done)
            let upper = upperCaseBits(word)
            if upper != 0 { mask.set(gather(upper), from: done) }
            done &+= 8
        }
        return mask
    }

    /// Restores in place the spelling that `mask` remembers, of `length` octets from `offset`.
    @inlinable
    public static func unfold(
        _ target: inout MutableRawSpan, from offset: Int, length: Int, mask: SpellingMask
    ) {
        guard !mask.isEmpty else { return }
        var done = 0
        while done < length {
            // Nothing past the name, whatever name the mask is of.
            let bits = mask.bits(from: done) & ((1 << UInt64(min(length &- done, 8))) &- 1)
            if bits != 0 { raise(&target, at: offset &+ done, bits) }
            done &+= 8
        }
    }

    /// Turns those of eight octets into upper case whose bits are set, first octet lowest.
    @inlinable
    static func raise(_ target: inout MutableRawSpan, at offset: Int, _ bits: UInt64) {
        if target.byteCount &- offset >= 8 {
            target.setWord(target.word(at: offset) & ~(scatter(bits) >> 2), at: offset)
            return
        }
        for index in 0..<8 where bits >> UInt64(index) & 1 == 1 {
            let octet = target.octet(at: offset &+ index)
            target.setOctet(octet & ~0x20, at: offset &+ index)
        }
    }

    /// Whether `length` octets of two messages are the same but for the case of letters.
    @inlinable
    public static func equal(
        _ one: RawSpan, at oneOffset: Int, _ other: RawSpan, at otherOffset: Int, length: Int
    ) -> Bool {
        guard one.byteCount &- oneOffset >= length, other.byteCount &- otherOffset >= length else {
            return false
        }
        var done = 0
        while done < length {
            let left = loadWord(one, at: oneOffset &+ done, available: length &- done)
            let right = loadWord(other, at: otherOffset &+ done, available: length &- done)
            if left != right, lowered(left) != lowered(right) { return false }
            done &+= 8
        }
        return true
    }

    /// Up to eight octets as a word, first octet lowest, zeros after the last available one.
    @inlinable
    @inline(__always)
    public static func loadWord(_ source: RawSpan, at offset: Int, available: Int) -> UInt64 {
        if available >= 8 { return source.word(at: offset) }
        return loadTail(source, at: offset, available: available)
    }

    /// Fewer than eight octets; a call of its own, so that loops over whole words stay small.
    @usableFromInline
    @inline(never)
    static func loadTail(_ source: RawSpan, at offset: Int, available: Int) -> UInt64 {
        guard available > 0 else { return 0 }
        let bits = UInt64(truncatingIfNeeded: available) &* 8
        if source.byteCount &- offset >= 8 {
            return source.word(at: offset) & ((1 &<< bits) &- 1)
        }
        // The octets before belong to the span as well, but in the shortest of names.
        let start = offset &+ available &- 8
        if start >= 0 { return source.word(at: start) &>> (64 &- bits) }
        var word: UInt64 = 0
        for index in 0..<available {
            word |= UInt64(source.octet(at: offset &+ index)) &<< UInt64(index &* 8)
        }
        return word
    }

    /// 0x80 in every octet of `word` that is a letter from A to Z, zero elsewhere.
    @inlinable
    @inline(__always)
    static func upperCaseBits(_ word: UInt64) -> UInt64 {
        let low = word & 0x7f7f_7f7f_7f7f_7f7f
        let fromA = low &+ 0x3f3f_3f3f_3f3f_3f3f  // 0x80 - 'A'
        let pastZ = low &+ 0x2525_2525_2525_2525  // 0x7f - 'Z'
        return (fromA ^ pastZ) & ~word & 0x8080_8080_8080_8080
    }

    /// The top bit of each octet, gathered into the low eight bits, first octet lowest.
    @inlinable
    @inline(__always)
    static func gather(_ topBits: UInt64) -> UInt64 {
        ((topBits >> 7) &* 0x0102_0408_1020_4080) >> 56
    }

    /// The low eight bits, each as the top bit of an octet, lowest first.
    @inlinable
    @inline(__always)
    static func scatter(_ bits: UInt64) -> UInt64 {
        // Each octet keeps one bit; what is added carries it to the top, and never beyond.
        let one = (bits &* 0x0101_0101_0101_0101) & 0x8040_2010_0804_0201
        return (one &+ 0x7f7f_7f7f_7f7f_7f7f) & 0x8080_8080_8080_8080
    }
}
