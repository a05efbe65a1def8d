internal import Collections
internal import DNSWire

extension CacheShard {
    /// Writes the answer under `key` for the folded `question` as `reply` wants it.
    mutating func answer(
        _ key: CacheKey, question: RawSpan, spelled: RawSpan, as reply: Reply,
        settings: CacheSettings, now: UInt32, epoch: UInt16, into target: inout MutableRawSpan
    ) -> CacheAnswer {
        guard let found = find(key, question, now: now) else {
            statistics.misses &+= 1
            return .miss
        }
        guard found.isFresh(epoch) else {
            statistics.misses &+= 1
            return found.isStale(within: settings.staleSeconds)
                ? .expired(hasFailed: false) : .miss
        }
        let isDue = settings.prefetches && found.isDue
        guard found.fits(spelled, reply, target.byteCount) else { return .tooLong(isDue: isDue) }
        let length = Self.write(found, octets(), spelled, reply, into: &target)
        noteHit(found)
        return .hit(length, isDue: isDue)
    }

    /// Writes an expired answer with the TTL of stale ones (RFC 8767 section 4), or the fresh one
    /// that has come since.
    mutating func answerStale(
        _ key: CacheKey, question: RawSpan, spelled: RawSpan, as reply: Reply,
        settings: CacheSettings, now: UInt32, into target: inout MutableRawSpan
    ) -> CacheAnswer {
        guard let found = find(key, question, now: now),
            found.isStale(within: settings.staleSeconds)
        else { return .miss }
        guard found.fits(spelled, reply, target.byteCount) else { return .tooLong(isDue: false) }
        statistics.stale &+= 1
        let length =
            found.hasTimeLeft
            ? Self.write(found, octets(), spelled, reply, into: &target)
            : Self.writeStale(found, octets(), spelled, reply, into: &target)
        return .hit(length, isDue: false)
    }

    /// Writes that the name of the question does not exist if that is known of `name`, at or above.
    mutating func answerFromCut(
        _ key: CacheKey, name: RawSpan, spelled: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        guard let found = find(key, name, now: now), found.hasTimeLeft else { return .miss }
        guard found.fits(spelled, reply, target.byteCount) else { return .tooLong(isDue: false) }
        let length = Self.write(found, octets(), spelled, reply, into: &target)
        noteHit(found)
        return .hit(length, isDue: false)
    }

    /// Notes that an answer is being fetched again, so that nobody else does.
    mutating func noteRefresh(_ key: CacheKey, _ question: RawSpan) {
        guard let location = find(key, question) else { return }
        mark(location, .refreshing)
    }

    /// Whether there is an answer that may be given now or later, and is no failure.
    func holdsAnswer(
        _ key: CacheKey, _ question: RawSpan, settings: CacheSettings, now: UInt32
    ) -> Bool {
        guard let found = find(key, question, now: now), !found.isFailure else { return false }
        return found.hasTimeLeft || found.isStale(within: settings.staleSeconds)
    }

    @inline(__always)
    private func find(_ key: CacheKey, _ question: RawSpan, now: UInt32) -> FoundEntry? {
        guard let location = find(key, question) else { return nil }
        return FoundEntry(location.entry, octets(), now: now)
    }

    @inline(__always)
    private static func write(
        _ found: FoundEntry, _ memory: RawSpan, _ question: RawSpan, _ reply: Reply,
        into target: inout MutableRawSpan
    ) -> Int {
        guard !found.isFailure else {
            return reply.writeCachedFailure(
                found.header.outline, question: question, into: &target)
        }
        let parts = found.entry.parts(found.header)
        let length = reply.write(
            found.header.outline, records: memory.extracting(parts.records),
            extendedError: memory.extracting(parts.extendedError), question: question,
            into: &target)
        guard !Reply.isTruncated(target) else { return length }
        let start = Header.byteCount &+ question.byteCount
        let age = found.age
        forEachTTL(parts.ttlOffsets, memory) { offset in
            let ttl = target.uint32(at: start &+ offset)
            target.setUInt32(ttl > age ? ttl &- age : 0, at: start &+ offset)
        }
        return length
    }

    private static func writeStale(
        _ found: FoundEntry, _ memory: RawSpan, _ question: RawSpan, _ reply: Reply,
        into target: inout MutableRawSpan
    ) -> Int {
        let parts = found.entry.parts(found.header)
        let length = reply.writeStale(
            found.header.outline, records: memory.extracting(parts.records), question: question,
            into: &target)
        guard !Reply.isTruncated(target) else { return length }
        let start = Header.byteCount &+ question.byteCount
        forEachTTL(parts.ttlOffsets, memory) { offset in
            target.setUInt32(CacheLimits.staleTTL, at: start &+ offset)
        }
        return length
    }

    @inline(__always)
    private static func forEachTTL(
        _ offsets: Range<Int>, _ memory: RawSpan, _ body: (Int) -> Void
    ) {
        var place = offsets.lowerBound
        while place < offsets.upperBound {
            body(Int(memory.uint16(at: place)))
            place &+= 2
        }
    }

    /// Whether there is a failure that is still to be believed.
    func holdsFailure(
        _ key: CacheKey, _ question: RawSpan, now: UInt32, epoch: UInt16
    ) -> Bool {
        guard let found = find(key, question, now: now) else { return false }
        return found.isFailure && found.isFresh(epoch)
    }

    private mutating func noteHit(_ found: FoundEntry) {
        statistics.hits &+= 1
        guard found.header.frequency < CacheLimits.maximumFrequency else { return }
        setFrequency(found.header.frequency &+ 1, at: found.entry.start)
    }

    /// For how long the failure to answer `question` is remembered now: longer each time.
    ///
    /// One that is long over, or from before an upstream came back, does not count.
    func nextFailureTTL(
        _ key: CacheKey, _ question: RawSpan, now: UInt32, epoch: UInt16
    ) -> UInt32 {
        guard let found = find(key, question, now: now), found.isFailure, !found.isVoid(epoch),
            found.age < found.header.ttl + CacheLimits.maximumFailureTTL
        else { return CacheLimits.failureTTL }
        return min(found.header.ttl * 2, CacheLimits.maximumFailureTTL)
    }
}
