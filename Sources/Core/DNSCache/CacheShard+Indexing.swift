internal import DNSWire

// Room in the index.
extension CacheShard {
    /// Has the index take one more entry: lets it grow, or drops entries.
    mutating func makeRoomInIndex() {
        if index.wantsToGrow { growIndex() }
        var reinsertions = CacheLimits.reinsertions
        while index.isFull {
            if small.used >= (small.used + main.used) / CacheLimits.smallRingDivisor {
                evictFromSmall()
            } else {
                evictFromMain(&reinsertions)
            }
        }
    }

    /// Enters all entries anew, in a larger index.
    ///
    /// They are read in the order they lie in, so the largest part is through in less than a
    /// millisecond, and there are seven of these in its life.
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
