internal import Collections

/// Where the entries are, by hash: open addressing with linear probing.
struct CacheIndex: ~Copyable, Sendable {
    /// A place in the shard's block; zero is no place.
    struct Location: Equatable, BitwiseCopyable {
        let rawValue: UInt32

        static let none = Location(rawValue: 0)

        init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        init(_ entry: EntryLayout) {
            rawValue = UInt32(entry.start / EntryLayout.alignment + 1)
        }

        var entry: EntryLayout {
            EntryLayout(start: (Int(rawValue) &- 1) &* EntryLayout.alignment)
        }
    }

    // Invariants:
    //   an entry's slot lies at most CacheLimits.probes after the place its tag asks for, and no
    //   slot between the two is empty
    //   count slots are not empty, and at least one is
    struct Slot: BitwiseCopyable {
        var tag: UInt32
        var location: Location
    }

    private var slots: FixedArray<Slot>
    private(set) var count = 0

    init(slotCount: Int) {
        slots = FixedArray(repeating: Slot(tag: 0, location: .none), count: slotCount)
    }

    /// The place that a tag asks for: tags are spread over 32 bits, places over the slots.
    private func home(_ tag: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(slots.count)) >> 32)
    }

    private func wrapped(_ place: Int) -> Int {
        place < slots.count ? place : place &- slots.count
    }

    /// The number of steps from one place to another.
    private func distance(_ from: Int, _ to: Int) -> Int {
        to >= from ? to &- from : to &- from &+ slots.count
    }

    /// All places there are, empty ones included.
    var slotCount: Int { slots.count }

    /// What is entered at a place, `nil` where that is empty.
    func entered(at place: Int) -> (tag: UInt32, location: Location)? {
        let slot = slots[place]
        return slot.location == .none ? nil : (slot.tag, slot.location)
    }

    /// Entries that it takes: at three quarters runs beyond the bound are too rare to matter.
    var capacity: Int { slots.count / 4 * 3 }

    /// Whether more entries would make runs long.
    var isFull: Bool { count >= capacity }

    /// The next location of an entry with `tag` from `probe` on; advances `probe` past it.
    func next(_ tag: UInt32, probe: inout Int) -> Location? {
        let home = home(tag)
        while probe < CacheLimits.probes {
            let slot = slots[wrapped(home &+ probe)]
            probe &+= 1
            guard slot.location != .none else { return nil }
            if slot.tag == tag { return slot.location }
        }
        return nil
    }

    /// Enters a location; false when there is no free slot within the bound.
    mutating func insert(_ tag: UInt32, _ location: Location) -> Bool {
        let home = home(tag)
        for probe in 0..<CacheLimits.probes {
            let place = wrapped(home &+ probe)
            guard slots[place].location == .none else { continue }
            slots[place] = Slot(tag: tag, location: location)
            count += 1
            return true
        }
        return false
    }

    /// Says that the entry at `old` is now at `new`.
    mutating func update(_ tag: UInt32, from old: Location, to new: Location) {
        guard let place = place(tag, old) else { return }
        slots[place].location = new
    }

    /// Removes a location and closes the gap.
    mutating func remove(_ tag: UInt32, _ location: Location) {
        guard var gap = place(tag, location) else { return }
        var place = wrapped(gap &+ 1)
        while slots[place].location != .none {
            // An entry may move into the gap unless that is before the place its tag asks for.
            if distance(home(slots[place].tag), place) >= distance(gap, place) {
                slots[gap] = slots[place]
                gap = place
            }
            place = wrapped(place &+ 1)
        }
        slots[gap].location = .none
        count -= 1
    }

    mutating func clear() {
        slots.fill(0..<slots.count, with: Slot(tag: 0, location: .none))
        count = 0
    }

    private func place(_ tag: UInt32, _ location: Location) -> Int? {
        let home = home(tag)
        for probe in 0..<CacheLimits.probes {
            let place = wrapped(home &+ probe)
            if slots[place].location == location { return place }
            if slots[place].location == .none { return nil }
        }
        return nil
    }
}
