internal import DNSWire

/// Goes through the entries of a ring, dead ones and fillers included, the oldest first.
///
/// Good for as long as nothing is put into the ring or dropped from it.
struct EntryWalk: ~Copyable {
    private let ring: EntryRing
    private var offset: Int
    private var left: Int

    init(_ ring: EntryRing) {
        self.ring = ring
        offset = ring.tail
        left = ring.used
    }

    /// The next entry; `memory` is the block that the ring is a part of.
    mutating func next(_ memory: RawSpan) -> EntryLayout? {
        guard left > 0 else { return nil }
        let entry = EntryLayout(start: offset)
        let size = entry.size(memory)
        left -= size
        offset += size
        if offset == ring.end { offset = ring.base }
        return entry
    }
}
