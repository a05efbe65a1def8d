internal import Collections
internal import DNSWire

/// A part of the cache: two rings of entries and the index over both.
///
/// Eviction is S3-FIFO (Yang et al., SOSP 2023): an answer enters the small ring and gets into the
/// large one only if it was asked for again, or soon after it had left. A scan of names that nobody
/// asks for twice runs through the small ring and leaves the rest alone.
struct CacheShard: ~Copyable, Sendable {
    // Invariants:
    //   every entry in the index is live, and every live entry is in the index once
    //   the memory of both rings, the index and the ghosts was reserved at the start
    private(set) var memory: ByteSlab
    private(set) var small: EntryRing
    private(set) var main: EntryRing
    var index: CacheIndex
    /// Marks of entries that left the small ring unasked, one for each place.
    private var ghosts: ZeroedArray<UInt16>
    var statistics = CacheStatistics()

    init(byteCount: Int) {
        precondition(byteCount <= CacheLimits.largestShardByteCount, "a shard is too large")
        let slots = byteCount / CacheLimits.octetsPerSlot
        index = CacheIndex(mostHomes: slots)
        ghosts = ZeroedArray(count: slots / 2)
        let overhead =
            (slots + CacheLimits.probes) * MemoryLayout<UInt32>.size
            + slots / 2 * MemoryLayout<UInt16>.size
        let room = byteCount - overhead
        small = EntryRing(base: 0, capacity: room / CacheLimits.smallRingDivisor)
        main = EntryRing(base: small.end, capacity: room - small.end)
        memory = ByteSlab(uninitializedByteCount: room)
    }

    /// The whole block.
    @_lifetime(borrow self)
    func octets() -> RawSpan { memory.span(0, length: memory.slotSize) }

    /// The whole block, to write to.
    @_lifetime(&self)
    mutating func mutableOctets() -> MutableRawSpan { memory.mutableSpan(0) }

    /// Finds the live entry under `key` for the folded `question`.
    @inline(__always)
    func find(_ key: CacheKey, _ question: RawSpan) -> CacheIndex.Location? {
        var probe = 0
        while let location = index.next(Self.tag(key), probe: &probe) {
            if matches(location, key, question) { return location }
        }
        return nil
    }

    static func tag(_ key: CacheKey) -> UInt32 { UInt32(truncatingIfNeeded: key.hash >> 32) }

    @inline(__always)
    private func matches(
        _ location: CacheIndex.Location, _ key: CacheKey, _ question: RawSpan
    ) -> Bool {
        let entry = location.entry
        let memory = octets()
        let header = entry.header(memory)
        return header.tag == Self.tag(key) && header.bits == key.bits
            && header.route == key.route && header.questionLength == question.byteCount
            && memory.holds(question, at: entry.start &+ EntryHeader.byteCount)
    }

    /// Puts an entry in, in place of one that has the same key; false when it does not fit.
    mutating func insert(
        _ entry: borrowing NewEntry, ttls: borrowing TTLOffsets, now: UInt32, epoch: UInt16
    ) -> Bool {
        let tag = Self.tag(entry.key)
        let size = EntryLayout.size(
            question: entry.question.byteCount, ttls: ttls.count,
            records: entry.records.byteCount, error: entry.extendedError.byteCount)
        guard size <= main.capacity / 4 else { return false }
        var isKnown = false
        if let old = find(entry.key, entry.question) {
            isKnown = true
            kill(old, tag)
        }
        var reinsertions = CacheLimits.reinsertions
        // Before there is a new entry, so that it is not the new one that goes.
        makeRoomInIndex(&reinsertions)
        let isMain = entry.isMain || isKnown || size > small.capacity / 4 || takeGhost(tag)
        guard
            let offset = isMain
                ? placeInMain(size, &reinsertions) : placeInSmall(size, &reinsertions)
        else { return false }
        write(entry, ttls, at: offset, now: now, epoch: epoch)
        let location = CacheIndex.Location(EntryLayout(start: offset))
        guard index.insert(tag, location) else {
            mark(location, .dead)
            return false
        }
        statistics.insertions &+= 1
        return true
    }

    /// Forgets what is under `key`.
    @discardableResult
    mutating func remove(_ key: CacheKey, _ question: RawSpan) -> Bool {
        guard let location = find(key, question) else { return false }
        kill(location, Self.tag(key))
        return true
    }

    /// Takes an entry out of use; its memory comes back when the tail reaches it.
    mutating func kill(_ location: CacheIndex.Location, _ tag: UInt32) {
        index.remove(tag, location)
        mark(location, .dead)
    }

    mutating func mark(_ location: CacheIndex.Location, _ state: EntryLayout.State) {
        let place = location.entry.start + EntryLayout.Field.state
        var memory = mutableOctets()
        memory.setOctet(memory.octet(at: place) | state.rawValue, at: place)
    }

    mutating func clear() {
        small.clear()
        main.clear()
        index.clear()
    }
}

// Eviction.
extension CacheShard {
    private func ghostPlace(_ tag: UInt32) -> Int {
        Int(truncatingIfNeeded: (UInt64(tag) &* UInt64(ghosts.count)) >> 32)
    }

    /// What a ghost is known by at its place; never zero.
    private func ghostMark(_ tag: UInt32) -> UInt16 { UInt16(truncatingIfNeeded: tag) | 1 }

    private mutating func takeGhost(_ tag: UInt32) -> Bool {
        let place = ghostPlace(tag)
        guard ghosts[place] == ghostMark(tag) else { return false }
        ghosts[place] = 0
        return true
    }

    private mutating func placeInSmall(_ size: Int, _ reinsertions: inout Int) -> Int? {
        while true {
            if let place = small.take(size) { return filled(place) }
            guard small.used > 0 else { return nil }
            evictFromSmall(&reinsertions)
        }
    }

    private mutating func placeInMain(_ size: Int, _ reinsertions: inout Int) -> Int? {
        while true {
            if let place = main.take(size) { return filled(place) }
            guard main.used > 0 else { return nil }
            evictFromMain(&reinsertions)
        }
    }

    /// Makes a filler of what was passed over to get to `place`.
    private mutating func filled(_ place: EntryRing.Place) -> Int {
        guard place.fillerSize > 0 else { return place.offset }
        var memory = mutableOctets()
        EntryLayout(start: place.fillerStart).writeFiller(size: place.fillerSize, to: &memory)
        return place.offset
    }

    /// Whether the large ring is still being filled.
    private var hasRoomToFill: Bool {
        main.capacity - main.used > main.capacity / CacheLimits.reserveDivisor
            && index.capacity - index.count > index.capacity / CacheLimits.reserveDivisor
    }

    /// Drops the oldest entry of the small ring, or moves it to the large one if it was asked for.
    ///
    /// While there is room for all, none is dropped.
    mutating func evictFromSmall(_ reinsertions: inout Int) {
        guard let entry = small.oldest else { return }
        let size = entry.size(octets())
        guard entry.isLive(octets()) else { return small.dropOldest(size) }
        let header = entry.header(octets())
        let tag = header.tag
        let location = CacheIndex.Location(entry)
        if header.frequency > 0 || hasRoomToFill, let offset = placeInMain(size, &reinsertions) {
            memory.move(in: 0, from: entry.start, to: offset, byteCount: size)
            setFrequency(0, at: offset)
            index.update(
                tag, from: location, to: CacheIndex.Location(EntryLayout(start: offset)))
        } else {
            index.remove(tag, location)
            ghosts[ghostPlace(tag)] = ghostMark(tag)
            statistics.evictions &+= 1
        }
        small.dropOldest(size)
    }

    /// Drops the oldest entry of the large ring, or puts it back if it was asked for since.
    mutating func evictFromMain(_ reinsertions: inout Int) {
        guard let entry = main.oldest else { return }
        let size = entry.size(octets())
        guard entry.isLive(octets()) else { return main.dropOldest(size) }
        let header = entry.header(octets())
        let tag = header.tag
        let frequency = header.frequency
        let location = CacheIndex.Location(entry)
        main.dropOldest(size)
        // The entry's octets stay until they are moved: a filler goes behind them, and what they
        // are moved to may overlap them.
        guard frequency > 0, reinsertions > 0, let place = main.take(size) else {
            index.remove(tag, location)
            statistics.evictions &+= 1
            return
        }
        reinsertions -= 1
        let offset = filled(place)
        memory.move(in: 0, from: entry.start, to: offset, byteCount: size)
        setFrequency(frequency - 1, at: offset)
        index.update(tag, from: location, to: CacheIndex.Location(EntryLayout(start: offset)))
    }

    mutating func setFrequency(_ frequency: UInt8, at start: Int) {
        var memory = mutableOctets()
        memory.setOctet(frequency, at: start + EntryLayout.Field.frequency)
    }
}
