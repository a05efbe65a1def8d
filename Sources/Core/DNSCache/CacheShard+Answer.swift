internal import Collections
internal import DNSWire

extension CacheShard {
    /// Writes the answer under `key` for the folded `question` as `reply` wants it.
    mutating func answer(
        _ key: CacheKey, question: RawSpan, as reply: Reply, settings: CacheSettings,
        now: UInt32, epoch: UInt16, into target: inout MutableRawSpan
    ) -> CacheAnswer {
        guard let location = find(key, question) else {
            statistics.misses &+= 1
            return .miss
        }
        let found = inspect(location, now: now, epoch: epoch)
        guard found.isFresh else {
            statistics.misses &+= 1
            return found.isStale(within: settings.staleSeconds) ? .expired : .miss
        }
        guard Self.fits(location.entry, octets(), question, reply, target.byteCount) else {
            return .tooLong
        }
        let length = Self.write(
            location.entry, octets(), question, reply, age: found.age, into: &target)
        let isDue =
            settings.prefetches && found.ttl - found.age <= found.ttl / 10
            && location.entry.frequency(octets()) > 0
            && found.state.isDisjoint(with: [.refreshing, .failure])
        noteHit(location, isDue: isDue)
        return .hit(length, isDue: isDue)
    }

    /// Writes an expired answer with the TTL of stale ones (RFC 8767 section 4), or the fresh one
    /// that has come since.
    mutating func answerStale(
        _ key: CacheKey, question: RawSpan, as reply: Reply, settings: CacheSettings,
        now: UInt32, into target: inout MutableRawSpan
    ) -> CacheAnswer {
        guard let location = find(key, question) else { return .miss }
        // A failure is never stale, so the epoch does not count.
        let found = inspect(location, now: now, epoch: 0)
        guard found.isStale(within: settings.staleSeconds) else { return .miss }
        guard Self.fits(location.entry, octets(), question, reply, target.byteCount) else {
            return .tooLong
        }
        statistics.stale &+= 1
        let length =
            found.isFresh
            ? Self.write(location.entry, octets(), question, reply, age: found.age, into: &target)
            : Self.writeStale(location.entry, octets(), question, reply, into: &target)
        return .hit(length, isDue: false)
    }

    /// Writes that the name of `question` does not exist if that is known of `name`, at or above.
    mutating func answerFromCut(
        _ key: CacheKey, name: RawSpan, question: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        guard let location = find(key, name) else { return .miss }
        let found = inspect(location, now: now, epoch: 0)
        guard found.isFresh else { return .miss }
        guard Self.fits(location.entry, octets(), question, reply, target.byteCount) else {
            return .tooLong
        }
        let length = Self.write(
            location.entry, octets(), question, reply, age: found.age, into: &target)
        noteHit(location, isDue: false)
        return .hit(length, isDue: false)
    }

    /// Whether there is an answer that may be given now or later, and is no failure.
    func holdsAnswer(
        _ key: CacheKey, _ question: RawSpan, settings: CacheSettings, now: UInt32
    ) -> Bool {
        guard let location = find(key, question) else { return false }
        let found = inspect(location, now: now, epoch: 0)
        return !found.state.contains(.failure)
            && (found.isFresh || found.isStale(within: settings.staleSeconds))
    }

    /// How an entry stands at a time.
    private struct Found {
        let state: EntryLayout.State
        let ttl: UInt32
        let age: UInt32
        /// Whether it is a failure from before an upstream came back.
        let isVoid: Bool

        var isFresh: Bool { age < ttl && !isVoid }

        /// Whether it may be given although it has expired, which a failure may not.
        func isStale(within seconds: UInt32) -> Bool {
            !state.contains(.failure) && age - min(ttl, age) < seconds
        }
    }

    private func inspect(
        _ location: CacheIndex.Location, now: UInt32, epoch: UInt16
    ) -> Found {
        let entry = location.entry
        let memory = octets()
        let state = entry.state(memory)
        let stored = memory.uint16(at: entry.start + EntryLayout.Field.epoch)
        return Found(
            state: state, ttl: entry.ttl(memory), age: entry.age(memory, now: now),
            isVoid: state.contains(.failure) && stored != epoch)
    }

    /// Whether the answer can be written as the client would take it.
    ///
    /// One that is longer than the client takes fits: it becomes short.
    private static func fits(
        _ entry: EntryLayout, _ memory: RawSpan, _ question: RawSpan, _ reply: Reply, _ room: Int
    ) -> Bool {
        guard room < reply.sizeLimit else { return true }
        let records = Header.byteCount + question.byteCount + entry.recordsLength(memory)
        return records + Reply.minimumCapacity <= room
            || records > reply.sizeLimit && room >= Reply.minimumCapacity
    }

    private static func write(
        _ entry: EntryLayout, _ memory: RawSpan, _ question: RawSpan, _ reply: Reply,
        age: UInt32, into target: inout MutableRawSpan
    ) -> Int {
        guard !entry.state(memory).contains(.failure) else {
            return reply.writeCachedFailure(
                entry.outline(memory), question: question, into: &target)
        }
        let parts = entry.parts(memory)
        let length = reply.write(
            entry.outline(memory), records: memory.extracting(parts.records),
            extendedError: memory.extracting(parts.extendedError), question: question,
            into: &target)
        guard !Reply.isTruncated(target) else { return length }
        let start = Header.byteCount &+ question.byteCount
        forEachTTL(parts.ttlOffsets, memory) { offset in
            let ttl = target.uint32(at: start &+ offset)
            target.setUInt32(ttl > age ? ttl &- age : 0, at: start &+ offset)
        }
        return length
    }

    private static func writeStale(
        _ entry: EntryLayout, _ memory: RawSpan, _ question: RawSpan, _ reply: Reply,
        into target: inout MutableRawSpan
    ) -> Int {
        let parts = entry.parts(memory)
        let length = reply.writeStale(
            entry.outline(memory), records: memory.extracting(parts.records), question: question,
            into: &target)
        guard !Reply.isTruncated(target) else { return length }
        let start = Header.byteCount &+ question.byteCount
        forEachTTL(parts.ttlOffsets, memory) { offset in
            target.setUInt32(CacheLimits.staleTTL, at: start &+ offset)
        }
        return length
    }

    private static func forEachTTL(
        _ offsets: Range<Int>, _ memory: RawSpan, _ body: (Int) -> Void
    ) {
        var place = offsets.lowerBound
        while place < offsets.upperBound {
            body(Int(memory.uint16(at: place)))
            place &+= 2
        }
    }

    private mutating func noteHit(_ location: CacheIndex.Location, isDue: Bool) {
        statistics.hits &+= 1
        let place = location.entry.start + EntryLayout.Field.frequency
        raiseFrequency(at: place)
        if isDue { mark(location, .refreshing) }
    }

    private mutating func raiseFrequency(at place: Int) {
        var memory = mutableOctets()
        let frequency = memory.octet(at: place)
        if frequency < CacheLimits.maximumFrequency { memory.setOctet(frequency + 1, at: place) }
    }

    /// For how long the failure to answer `question` is remembered now: longer each time.
    ///
    /// One that is long over, or from before an upstream came back, does not count.
    func nextFailureTTL(
        _ key: CacheKey, _ question: RawSpan, now: UInt32, epoch: UInt16
    ) -> UInt32 {
        guard let location = find(key, question) else { return CacheLimits.failureTTL }
        let found = inspect(location, now: now, epoch: epoch)
        guard found.state.contains(.failure), !found.isVoid,
            found.age < found.ttl + CacheLimits.maximumFailureTTL
        else { return CacheLimits.failureTTL }
        return min(found.ttl * 2, CacheLimits.maximumFailureTTL)
    }
}
