internal import Collections

/// Where the entries are, by hash: open addressing with linear probing.
///
/// It begins small and doubles as entries come, so that looking a few thousand of them up touches
/// a few pages and not one each.
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

    /// One place of the index, as one number that is zero where there is nothing.
    ///
    /// The location in the low bits, above it how far the slot lies from the place that its tag
    /// asks for, and above that the low bits of the tag.
    struct Slot: BitwiseCopyable {
        static let locationBits: UInt32 = 19
        static let distanceBits: UInt32 = 7
        private static let tagShift = locationBits + distanceBits

        let rawValue: UInt32

        @inline(__always)
        init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        init(_ location: Location, _ tag: UInt32, distance: Int) {
            let distance = UInt32(truncatingIfNeeded: distance)
            rawValue =
                tag &<< Self.tagShift | distance &<< Self.locationBits | location.rawValue
        }

        @inline(__always)
        var isEmpty: Bool { rawValue == 0 }
        @inline(__always)
        var location: Location { Location(rawValue: rawValue & (1 &<< Self.locationBits &- 1)) }
        var distance: Int { Int(rawValue &>> Self.locationBits & (1 &<< Self.distanceBits &- 1)) }

        /// Whether the low bits of its tag are those of `tag`.
        @inline(__always)
        func mayHave(_ tag: UInt32) -> Bool {
            rawValue &>> Self.tagShift == tag & (UInt32.max &>> Self.tagShift)
        }

        /// The same, so many places nearer to where its tag wants it.
        func moved(by steps: Int) -> Slot {
            Slot(rawValue: rawValue &- UInt32(truncatingIfNeeded: steps) &<< Self.locationBits)
        }

        /// The same for an entry that has moved.
        func with(_ location: Location) -> Slot {
            Slot(rawValue: rawValue &- self.location.rawValue &+ location.rawValue)
        }
    }

    // Invariants:
    //   an entry's slot lies less than CacheLimits.probes after the place its tag asks for, and no
    //   slot between the two is empty
    //   tags lead to the first `homes` places; CacheLimits.probes more follow, so that no run goes
    //   on at the beginning
    //   count slots are not empty
    private var slots: ZeroedArray<UInt32>
    private var homes: Int
    private let mostHomes: Int
    private(set) var count = 0

    /// Room for `mostHomes` places that tags lead to, of which it uses few at first.
    init(mostHomes: Int) {
        slots = ZeroedArray(count: mostHomes + CacheLimits.probes)
        self.mostHomes = mostHomes
        homes = min(mostHomes, CacheLimits.firstHomes)
    }

    /// The place that a tag leads to: tags are spread over 32 bits, places over the slots.
    ///
    /// In a larger index the same tags lead to places in the same order.
    @inline(__always)
    private func home(_ tag: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(truncatingIfNeeded: homes)) &>> 32)
    }

    @inline(__always)
    private func slot(_ place: Int) -> Slot { Slot(rawValue: slots[place]) }

    /// All places in use, empty ones included.
    var placesInUse: Int { homes &+ CacheLimits.probes }

    /// What is entered at a place, `nil` where that is empty.
    func entered(at place: Int) -> Location? {
        let slot = slot(place)
        return slot.isEmpty ? nil : slot.location
    }

    /// Entries that it takes: at three quarters runs beyond the bound are too rare to matter.
    var capacity: Int { mostHomes / 4 * 3 }

    /// Whether more entries would make runs long, however large it grows.
    var isFull: Bool { count >= capacity }

    /// Whether it is to grow before more is entered: half full as long as it can, for short runs.
    var wantsToGrow: Bool { count >= homes / 2 && homes < mostHomes }

    /// Empties it and makes it twice as large; what was in it is to be entered again.
    mutating func grow() {
        slots.removeAll()
        count = 0
        homes = min(homes * 2, mostHomes)
    }

    /// The next location of an entry that may have `tag` from `probe` on; advances `probe` past it.
    ///
    /// One in 64 that has another tag is given as well; the entry itself tells.
    @inline(__always)
    func next(_ tag: UInt32, probe: inout Int) -> Location? {
        let home = home(tag)
        while probe < CacheLimits.probes {
            let slot = slot(home &+ probe)
            probe &+= 1
            guard !slot.isEmpty else { return nil }
            if slot.mayHave(tag) { return slot.location }
        }
        return nil
    }

    /// Enters a location; false when there is no free slot within the bound.
    mutating func insert(_ tag: UInt32, _ location: Location) -> Bool {
        let home = home(tag)
        for probe in 0..<CacheLimits.probes {
            let place = home &+ probe
            guard slots[place] == 0 else { continue }
            slots[place] = Slot(location, tag, distance: probe).rawValue
            count += 1
            return true
        }
        return false
    }

    /// Says that the entry at `old` is now at `new`.
    mutating func update(_ tag: UInt32, from old: Location, to new: Location) {
        guard let place = place(tag, old) else { return }
        slots[place] = slot(place).with(new).rawValue
    }

    /// Removes a location and closes the gap.
    mutating func remove(_ tag: UInt32, _ location: Location) {
        guard var gap = place(tag, location) else { return }
        // How far the place that is looked at lies behind the gap.
        var steps = 1
        while gap &+ steps < placesInUse {
            let slot = slot(gap &+ steps)
            guard !slot.isEmpty else { break }
            // An entry may move into the gap unless that is before the place its tag asks for.
            if slot.distance >= steps {
                slots[gap] = slot.moved(by: steps).rawValue
                gap &+= steps
                steps = 0
            }
            steps &+= 1
        }
        slots[gap] = 0
        count -= 1
    }

    mutating func clear() {
        slots.removeAll()
        count = 0
        homes = min(mostHomes, CacheLimits.firstHomes)
    }

    private func place(_ tag: UInt32, _ location: Location) -> Int? {
        let home = home(tag)
        for probe in 0..<CacheLimits.probes {
            let place = home &+ probe
            if slot(place).location == location { return place }
            if slot(place).isEmpty { return nil }
        }
        return nil
    }
}
