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
    /// Bit n is set when a name has n labels, the last one for all that have more.
    private let depths: UInt64
    let count: Int

    init(
        hash: NameHash, slots: consuming FixedArray<UInt64>, homes: Int,
        arena: consuming ByteSlab, depths: UInt64, count: Int
    ) {
        self.hash = hash
        self.slots = slots
        self.homes = UInt64(homes)
        self.arena = arena
        self.depths = depths
        self.count = count
    }

    /// Octets of memory, everything counted.
    var byteCount: Int { slots.count * 8 + arena.slotSize }

    /// Calls `body` for each name of the table that the folded `name` is or is below, the shortest
    /// first, with the offset of its payload and where it begins in `name`.
    @inline(__always)
    func forEachSuffix(of name: RawSpan, _ body: (_ payload: Int, _ start: Int) -> Void) {
        let labels = LabelStarts(name)
        var state = hash.root
        var end = name.byteCount &- 1
        var index = labels.count
        while index > 0 {
            index &-= 1
            let start = labels[index]
            state = hash.extend(state, name, label: start..<end)
            end = start
            let depth = labels.count &- index
            if mayHold(labels: depth), let payload = payload(state, name, from: start) {
                body(payload, start)
            }
            if !mayHold(moreLabelsThan: depth) { return }
        }
    }

    /// Whether there may be a name of so many labels.
    @inline(__always)
    func mayHold(labels: Int) -> Bool { depths &>> UInt64(min(labels, 63)) & 1 == 1 }

    /// Whether there may be a name of more labels.
    @inline(__always)
    func mayHold(moreLabelsThan labels: Int) -> Bool {
        depths >> UInt64(min(labels, 62) &+ 1) != 0
    }

    /// The offset of the payload of the name that begins at `start` of `name` and has `hash`.
    @inline(__always)
    func payload(_ hash: UInt64, _ name: RawSpan, from start: Int) -> Int? {
        let wanted = hash >> 32
        var place = Self.home(of: wanted, among: homes)
        // The last slot is free: it ends every search.
        while slots[place] >> 32 < wanted { place &+= 1 }
        while slots[place] >> 32 == wanted, slots[place] != Self.free {
            let entry = Int(truncatingIfNeeded: slots[place] & 0xffff_ffff)
            if let payload = compare(entry, name, from: start) { return payload }
            place &+= 1
        }
        return nil
    }

    @inline(__always)
    private func compare(_ entry: Int, _ name: RawSpan, from start: Int) -> Int? {
        let octets = octets
        let length = name.byteCount &- 1 &- start
        guard Int(octets.octet(at: entry)) == length else { return nil }
        let first = entry &+ 1
        let end = first &+ length
        return name.holds(octets.extracting(first..<end), at: start) ? end : nil
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
