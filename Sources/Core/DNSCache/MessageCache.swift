internal import Collections
public import DNSWire
public import NetAddress
internal import Synchronization

/// Answers in memory, as they came over the wire, shared by all workers.
///
/// Everything it will ever use is reserved at the start. Each part has a lock of its own, held for
/// the copying of one answer.
@safe
public final class MessageCache: Sendable {
    public let settings: CacheSettings
    public let hash: KeyedHash

    /// A cache that keeps nothing.
    public static let disabled = MessageCache(
        settings: CacheSettings(byteCount: 0), hash: KeyedHash(0, 0))
    /// Whether it keeps anything.
    public var isEnabled: Bool { settings.byteCount > 0 }

    // Safe to share: it never changes, and what it points to are locks.
    nonisolated(unsafe) private let shards: UnsafeMutablePointer<Locked<CacheShard>>
    private let shardCount: Int
    /// As many as an octet tells apart.
    private static let routes = Int(UInt8.max) + 1
    /// By which failures from before a recovery are told from those after it, for each route.
    // Safe to share: it never changes, and what it points to is atomic.
    nonisolated(unsafe) private let outages: UnsafeMutablePointer<OutageMemory>
    /// Whether a failure was ever remembered beside an answer.
    private let hasRechecks = Atomic<Bool>(false)
    /// Whether it was ever learned that there is nothing below a name.
    private let hasCuts = Atomic<Bool>(false)

    /// Reserves `settings.byteCount` octets; `hash` is keyed with the process's secret.
    public init(settings: CacheSettings, hash: KeyedHash) {
        self.settings = settings
        self.hash = hash
        var count = CacheLimits.shards
        while count > 1, settings.byteCount / count < CacheLimits.shardByteCount { count /= 2 }
        while settings.byteCount / count > CacheLimits.largestShardByteCount { count *= 2 }
        shardCount = count
        unsafe outages = .allocate(capacity: Self.routes)
        for route in 0..<Self.routes { unsafe (outages + route).initialize(to: OutageMemory()) }
        unsafe shards = .allocate(capacity: count)
        for index in 0..<count {
            let part = max(settings.byteCount, CacheLimits.smallest) / count
            unsafe (shards + index).initialize(to: Locked(CacheShard(byteCount: part)))
        }
    }

    deinit {
        unsafe shards.deinitialize(count: shardCount)
        unsafe shards.deallocate()
        unsafe outages.deinitialize(count: Self.routes)
        unsafe outages.deallocate()
    }

    /// Writes the answer to the folded `question`, as `reply` wants it, if there is a fresh one.
    ///
    /// `spelled` is the question as it is written into the answer. `now` is in seconds, from any
    /// start that stays.
    public func answer(
        _ key: CacheKey, question: RawSpan, spelled: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        let epoch = epoch(key)
        let found = unsafe shards[place(key)].withLock { shard in
            shard.answer(
                key, question: question, spelled: spelled, as: reply, settings: settings, now: now,
                epoch: epoch, into: &target)
        }
        switch found {
        case .expired where hasRechecks.load(ordering: .relaxed):
            return .expired(hasFailed: hasFailed(key, question, now: now))
        case .miss where !key.wantsProofs && hasCuts.load(ordering: .relaxed):
            return answerFromCut(
                question, spelled, route: key.route, as: reply, now: now, into: &target)
        default: return found
        }
    }

    func answerFromCut(
        _ key: CacheKey, name: RawSpan, spelled: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        unsafe shards[place(key)].withLock { shard in
            shard.answerFromCut(
                key, name: name, spelled: spelled, as: reply, now: now, into: &target)
        }
    }

    /// Writes an answer that may have expired, and then says so.
    public func answerStale(
        _ key: CacheKey, question: RawSpan, spelled: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        unsafe shards[place(key)].withLock { shard in
            shard.answerStale(
                key, question: question, spelled: spelled, as: reply, settings: settings, now: now,
                into: &target)
        }
    }

    /// Notes that the answer to the folded `question` is being fetched ahead of its end.
    public func noteRefresh(_ key: CacheKey, question: RawSpan) {
        unsafe shards[place(key)].withLock { $0.noteRefresh(key, question) }
    }

    /// Stores `entry`, whose TTLs are at `ttls`.
    ///
    /// A failure does not displace an answer: it is remembered beside it.
    func store(_ entry: borrowing NewEntry, ttls: borrowing TTLOffsets, now: UInt32) {
        let epoch = epoch(entry.key)
        if entry.isCut { hasCuts.store(true, ordering: .relaxed) }
        let isStored = unsafe shards[place(entry.key)].withLock { shard in
            if entry.isFailure,
                shard.holdsAnswer(entry.key, entry.question, settings: settings, now: now)
            {
                return false
            }
            _ = shard.insert(entry, ttls: ttls, now: now, epoch: epoch)
            return true
        }
        if !isStored {
            storeRecheck(entry, ttls: ttls, now: now)
        } else if !entry.isFailure, hasRechecks.load(ordering: .relaxed) {
            removeRecheck(entry.key, entry.question)
        }
    }

    /// Stores an entry of an earlier process, unless there is a newer one; whether it was stored.
    func restore(
        _ entry: borrowing NewEntry, ttls: borrowing TTLOffsets, storedAt: UInt32
    ) -> Bool {
        unsafe shards[place(entry.key)].withLock { shard in
            guard shard.find(entry.key, entry.question) == nil else { return false }
            return shard.insert(entry, ttls: ttls, now: storedAt, epoch: 0)
        }
    }

    func writeEntries<Failure: Error>(
        to writer: inout CacheImageWriter, now: UInt32, emit: (RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        for index in 0..<shardCount {
            try unsafe shards[index].withLock { shard throws(Failure) in
                try shard.writeEntries(
                    to: &writer, staleSeconds: settings.staleSeconds, now: now, emit: emit)
            }
        }
    }

    /// For how long another failure to answer `question` is remembered.
    func nextFailureTTL(_ key: CacheKey, _ question: RawSpan, now: UInt32) -> UInt32 {
        let epoch = epoch(key)
        return unsafe shards[place(key)].withLock {
            $0.nextFailureTTL(key, question, now: now, epoch: epoch)
        }
    }

    /// Notes that an upstream has given a good answer: failures of an outage are over.
    public func upstreamAnswered(route: UInt8 = 0, now: Instant) {
        unsafe outages[Int(route)].answered(now: now)
    }

    /// Notes that a question asked at `start` has not been answered in time.
    public func questionExpired(askedAt start: Instant, route: UInt8 = 0) {
        unsafe outages[Int(route)].expired(askedAt: start)
    }

    /// Every route has a place in `outages`, so no index is too large.
    private func epoch(_ key: CacheKey) -> UInt16 { unsafe outages[Int(key.route)].epoch }

    /// Forgets everything.
    public func flush() {
        for index in 0..<shardCount { unsafe shards[index].withLock { $0.clear() } }
    }

    /// Forgets what is known of the folded `name`, whatever was asked about it, and with `subtree`
    /// of the names below it as well; gives the number of answers forgotten.
    public func flush(name: RawSpan, subtree: Bool) -> Int {
        var count = 0
        for index in 0..<shardCount {
            var place: Int? = 0
            while let next = place {
                place = unsafe shards[index].withLock { shard in
                    shard.forget(name, subtree: subtree, from: next, count: &count)
                }
            }
        }
        return count
    }

    public var statistics: CacheStatistics {
        var sum = CacheStatistics()
        for index in 0..<shardCount {
            sum += unsafe shards[index].withLock { shard in
                var part = shard.statistics
                part.entries = shard.index.count
                part.usedByteCount = shard.small.used + shard.main.used
                return part
            }
        }
        return sum
    }

    /// Lends the part that holds what is kept under `key`.
    func withShard<Result>(
        of key: CacheKey, _ body: (inout sending CacheShard) -> sending Result
    ) -> sending Result {
        unsafe shards[place(key)].withLock(body)
    }

    var partCount: Int { isEnabled ? shardCount : 0 }

    /// Lends the part with this number.
    func withPart<Result>(
        _ number: Int, _ body: (inout sending CacheShard) -> sending Result
    ) -> sending Result {
        unsafe shards[number].withLock(body)
    }

    private func place(_ key: CacheKey) -> Int {
        Int(truncatingIfNeeded: key.hash) & (shardCount - 1)
    }
}

// Failures beside answers that have expired (RFC 8767 section 5, the failure recheck timer).
extension MessageCache {
    /// Whether asking for what has expired has failed so lately that it need not be tried again.
    private func hasFailed(_ key: CacheKey, _ question: RawSpan, now: UInt32) -> Bool {
        let key = hash.recheckKey(key)
        let epoch = epoch(key)
        return unsafe shards[place(key)].withLock { shard in
            shard.holdsFailure(key, question, now: now, epoch: epoch)
        }
    }

    private func storeRecheck(
        _ failure: borrowing NewEntry, ttls: borrowing TTLOffsets, now: UInt32
    ) {
        hasRechecks.store(true, ordering: .relaxed)
        let key = hash.recheckKey(failure.key)
        let epoch = epoch(key)
        let entry = NewEntry(
            key: key, question: failure.question, outline: failure.outline,
            records: failure.records, extendedError: failure.extendedError,
            ttl: CacheLimits.recheckTTL, isFailure: true)
        unsafe shards[place(key)].withLock { shard in
            _ = shard.insert(entry, ttls: ttls, now: now, epoch: epoch)
        }
    }

    private func removeRecheck(_ key: CacheKey, _ question: RawSpan) {
        let key = hash.recheckKey(key)
        unsafe shards[place(key)].withLock { _ = $0.remove(key, question) }
    }
}
