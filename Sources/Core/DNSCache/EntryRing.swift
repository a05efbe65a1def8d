/// Entries in the order they were put in, in one part of a block: in at the head, out at the tail.
///
/// Memory is handed out by moving an offset, so there is no fragmentation and no free list. The
/// ring keeps the offsets; the octets are its shard's.
struct EntryRing: BitwiseCopyable, Sendable {
    // Invariants:
    //   base <= head < end and base <= tail < end, all multiples of EntryLayout.alignment
    //   the used octets run from tail to head, around the end, and are whole entries
    //   no entry straddles the end: where one would, a filler takes what is left
    //   used == capacity when head == tail and the ring is not empty
    let base: Int
    let capacity: Int
    private(set) var head: Int
    private(set) var tail: Int
    private(set) var used = 0

    init(base: Int, capacity: Int) {
        self.base = base
        self.capacity = capacity / EntryLayout.alignment * EntryLayout.alignment
        head = base
        tail = base
    }

    var end: Int { base + capacity }

    /// The oldest entry, filler or not.
    var oldest: EntryLayout? { used == 0 ? nil : EntryLayout(start: tail) }

    /// Where `size` octets were taken, and what had to be filled to get there.
    struct Place {
        let offset: Int
        /// Octets before the end that are to be made a filler, from `fillerStart` on.
        let fillerSize: Int
        let fillerStart: Int
    }

    /// Takes `size` octets at the head; `nil` until more entries have been dropped.
    mutating func take(_ size: Int) -> Place? {
        if used == 0 {
            head = base
            tail = base
        }
        let isSplit = head < tail || used == capacity
        let room = isSplit ? (used == capacity ? 0 : tail - head) : end - head
        let start = head
        var filler = 0
        if room < size {
            guard !isSplit, tail - base >= size else { return nil }
            filler = room
            advanceHead(room)
        }
        let offset = head
        advanceHead(size)
        return Place(offset: offset, fillerSize: filler, fillerStart: start)
    }

    /// Forgets the oldest entry, which is `size` octets long.
    mutating func dropOldest(_ size: Int) {
        tail += size
        if tail == end { tail = base }
        used -= size
    }

    mutating func clear() {
        head = base
        tail = base
        used = 0
    }

    private mutating func advanceHead(_ size: Int) {
        head += size
        if head == end { head = base }
        used += size
    }
}
