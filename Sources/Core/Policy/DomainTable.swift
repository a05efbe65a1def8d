internal import Collections
internal import DNSWire

/// Names, each with a few octets, that never change once they are there.
///
/// Made for a million of them: a slot and the name itself is all that one takes.
struct DomainTable: ~Copyable, Sendable {
    // Invariants:
    //   a slot holds the upper 32 bits of a name's hash above the offset of its entry
    //   slots stand in the order of their hashes, and none before the home of its hash
    //   free slots and the last one are `free`, which no hash comes after
    //   an entry is the length of the name without its root label, the name, and its payload
    static let free = UInt64.max
    /// The bits of a slot that are the hash.
    static let hashBits: UInt64 = 0xffff_ffff_0000_0000

    let hash: NameHash
    private let slots: FixedArray<UInt64>
    private let homes: UInt64
    private let arena: ByteSlab
    /// Bit n is set when a name has n octets, the last one for all that have more.
    private let lengths: UInt64
    let count: Int

    init(
        hash: NameHash, slots: consuming FixedArray<UInt64>, homes: Int,
        arena: consuming ByteSlab, lengths: UInt64, count: Int
    ) {
        self.hash = hash
        self.slots = slots
        self.homes = UInt64(homes)
        self.arena = arena
        self.lengths = lengths
        self.count = count
    }

    /// Octets of memory, everything counted.
    var byteCount: Int { slots.count * 8 + arena.slotSize }

    /// Whether the folded name whose root label is at `end` of `name` may be in the table, or be
    /// below one that is.
    ///
    /// False for nearly every name of which that is not so, and quick: nothing is compared.
    @inline(__always)
    func mayHoldSuffix(of name: RawSpan, end: Int) -> Bool {
        // With so many octets, lengths are told apart by their bits.
        guard end < 64 else { return true }
        var candidates = Self.lengths(of: name, end: end) & lengths
        var walk = hash.walk(from: end)
        while candidates != 0 {
            let start = end &- candidates.trailingZeroBitCount
            candidates &= candidates &- 1
            let wanted = hash.extend(&walk, name, to: start) & Self.hashBits
            if slots[place(of: wanted)] & Self.hashBits == wanted { return true }
        }
        return false
    }

    /// The lengths of the name whose root label is at `end`, and of those above it.
    @inline(__always)
    private static func lengths(of name: RawSpan, end: Int) -> UInt64 {
        var lengths: UInt64 = 0
        var left = end
        while left > 0 {
            lengths |= bit(ofLength: left)
            left &-= 1 &+ Int(name.octet(at: end &- left))
        }
        return lengths
    }

    /// Calls `body` for each name of the table that the folded name whose root label is at `end` of
    /// `name` is or is below, the shortest first, with the offset of its payload and where it
    /// begins.
    func forEachSuffix(
        of name: RawSpan, end: Int, _ body: (_ payload: Int, _ start: Int) -> Void
    ) {
        let labels = LabelStarts(name)
        var walk = hash.walk(from: end)
        for index in stride(from: labels.count - 1, through: 0, by: -1) {
            let start = labels[index]
            guard lengths & Self.bit(ofLength: end &- start) != 0 else { continue }
            let hashed = hash.extend(&walk, name, to: start)
            if let payload = payload(hashed, name, start..<end) { body(payload, start) }
        }
    }

    /// The bit of `lengths` for a name of `length` octets, root label aside.
    @inline(__always)
    static func bit(ofLength length: Int) -> UInt64 {
        1 &<< UInt64(truncatingIfNeeded: min(length, 63))
    }

    /// The offset of the payload of the name that is `range` of `name` and has `hash`.
    func payload(_ hash: UInt64, _ name: RawSpan, _ range: Range<Int>) -> Int? {
        let wanted = hash & Self.hashBits
        var place = place(of: wanted)
        while slots[place] & Self.hashBits == wanted, slots[place] != Self.free {
            let entry = Int(truncatingIfNeeded: slots[place] & ~Self.hashBits)
            if let payload = compare(entry, name, range) { return payload }
            place &+= 1
        }
        return nil
    }

    /// The first slot that does not come before `wanted`, the bits of a hash.
    @inline(__always)
    private func place(of wanted: UInt64) -> Int {
        var place = Self.home(of: wanted >> 32, among: homes)
        // The last slot is free: it ends every search.
        while slots[place] < wanted { place &+= 1 }
        return place
    }

    private func compare(_ entry: Int, _ name: RawSpan, _ range: Range<Int>) -> Int? {
        let octets = octets
        guard Int(octets.octet(at: entry)) == range.count else { return nil }
        let first = entry &+ 1
        let end = first &+ range.count
        return name.holds(octets.extracting(first..<end), at: range.lowerBound) ? end : nil
    }

    /// All entries.
    var octets: RawSpan {
        @inline(__always)
        @_lifetime(borrow self)
        get { arena.span(0, length: arena.slotSize) }
    }

    /// One octet of a payload.
    @inline(__always)
    func octet(at offset: Int) -> UInt8 { octets.octet(at: offset) }

    /// Where a hash, of which there are 32 bits, would stand if it stood alone.
    @inline(__always)
    static func home(of hash: UInt64, among homes: UInt64) -> Int {
        Int(truncatingIfNeeded: (hash &* homes) >> 32)
    }
}
