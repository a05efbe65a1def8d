internal import DNSWire

// Room in the index.
extension CacheShard {
    /// Has the index take one more entry: lets it grow, or drops entries.
    mutating func makeRoomInIndex(_ reinsertions: inout Int) {
        if index.wantsToGrow { growIndex() }
        while index.isFull {
            if small.used >= (small.used + main.used) / CacheLimits.smallRingDivisor {
                evictFromSmall(&reinsertions)
            } else {
                evictFromMain(&reinsertions)
            }
        }
    }

    /// Enters all entries anew, in a larger index.
    ///
    /// They are read in the order they lie in: the last time takes the largest part about a
    /// millisecond. There are seven times at most between two flushes.
    private mutating func growIndex() {
        index.grow()
        enterAll(of: small)
        enterAll(of: main)
    }

    private mutating func enterAll(of ring: EntryRing) {
        var walk = EntryWalk(ring)
        while let entry = walk.next(octets()) {
            guard entry.isLive(octets()) else { continue }
            let location = CacheIndex.Location(entry)
            if !index.insert(entry.header(octets()).tag, location) { mark(location, .dead) }
        }
    }
}
