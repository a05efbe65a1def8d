internal import Collections
public import DNSWire
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
    nonisolated(unsafe) private let shards: UnsafeMutablePointer<SharedShard>
    private let shardCount: Int
    /// Counts recoveries of upstreams: failures from before one are not believed after it.
    private let epoch = Atomic<UInt16>(0)
    /// Whether it was ever learned that there is nothing below a name.
    private let hasCuts = Atomic<Bool>(false)

    /// Reserves `settings.byteCount` octets; `hash` is keyed with the process's secret.
    public init(settings: CacheSettings, hash: KeyedHash) {
        self.settings = settings
        self.hash = hash
        var count = CacheLimits.shards
        while count > 1, settings.byteCount / count < CacheLimits.shardByteCount { count /= 2 }
        shardCount = count
        unsafe shards = .allocate(capacity: count)
        for index in 0..<count {
            let part = max(settings.byteCount, CacheLimits.smallest) / count
            unsafe (shards + index).initialize(to: SharedShard(byteCount: part))
        }
    }

    deinit {
        unsafe shards.deinitialize(count: shardCount)
        unsafe shards.deallocate()
    }

    /// Writes the answer to the folded `question`, as `reply` wants it, if there is a fresh one.
    ///
    /// `now` is in seconds, from any start that stays.
    public func answer(
        _ key: CacheKey, question: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        let epoch = epoch.load(ordering: .relaxed)
        let found = unsafe shards[place(key)].withLock { shard in
            shard.answer(
                key, question: question, as: reply, settings: settings, now: now, epoch: epoch,
                into: &target)
        }
        guard found == .miss, !key.wantsProofs, hasCuts.load(ordering: .relaxed) else {
            return found
        }
        return answerFromCut(
            question, route: key.route, as: reply, now: now, into: &target)
    }

    func answerFromCut(
        _ key: CacheKey, name: RawSpan, question: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        unsafe shards[place(key)].withLock { shard in
            shard.answerFromCut(
                key, name: name, question: question, as: reply, now: now, into: &target)
        }
    }

    /// Writes an answer that may have expired, and then says so.
    public func answerStale(
        _ key: CacheKey, question: RawSpan, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        unsafe shards[place(key)].withLock { shard in
            shard.answerStale(
                key, question: question, as: reply, settings: settings, now: now, into: &target)
        }
    }

    /// Stores `entry`, whose TTLs are at `ttls`; a failure does not displace an answer.
    func store(_ entry: borrowing NewEntry, ttls: borrowing TTLOffsets, now: UInt32) {
        let epoch = epoch.load(ordering: .relaxed)
        if entry.isCut { hasCuts.store(true, ordering: .relaxed) }
        unsafe shards[place(entry.key)].withLock { shard in
            if entry.isFailure,
                shard.holdsAnswer(entry.key, entry.question, settings: settings, now: now)
            {
                return
            }
            _ = shard.insert(entry, ttls: ttls, now: now, epoch: epoch)
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
        let epoch = epoch.load(ordering: .relaxed)
        return unsafe shards[place(key)].withLock {
            $0.nextFailureTTL(key, question, now: now, epoch: epoch)
        }
    }

    /// Forgets failures: an upstream has come back.
    public func upstreamRecovered() {
        epoch.add(1, ordering: .relaxed)
    }

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

    private func place(_ key: CacheKey) -> Int {
        Int(truncatingIfNeeded: key.hash) & (shardCount - 1)
    }
}
