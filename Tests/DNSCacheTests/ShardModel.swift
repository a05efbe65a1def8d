import DNSWire
import TestSupport

@testable import DNSCache

/// A shard and, beside it, a dictionary of all that was ever put into it.
struct ShardModel: ~Copyable {
    struct Kept {
        let records: [UInt8]
        let storedAt: UInt32
        let ttl: UInt32
        let isFailure: Bool
    }

    static let settings = CacheSettings(staleSeconds: 50)

    var shard: CacheShard
    var random: SplitMix64
    private let hash: KeyedHash
    private let questions: [[UInt8]]
    private let keys: [CacheKey]
    private var kept: [Int: Kept] = [:]
    private var now: UInt32 = 100
    private var ttls = TTLOffsets()
    private var reply = [UInt8](repeating: 0, count: 65_535)
    private(set) var hits = 0
    /// What happened that may not happen.
    private(set) var complaint: String?

    init(byteCount: Int, names: Int, seed: UInt64) {
        shard = CacheShard(byteCount: byteCount)
        random = SplitMix64(seed: seed)
        let hash = KeyedHash(random.next(), random.next())
        self.hash = hash
        questions = (0..<names).map { CacheRig.question("host\($0).example") }
        keys = questions.enumerated().map { number, question in
            hash.key(
                question.span.bytes, dnssecOK: number % 2 == 0, checkingDisabled: number % 5 == 0)
        }
    }

    /// A name, the first ones much more often than the last.
    private mutating func name() -> Int { random.below(1 + random.below(questions.count)) }

    mutating func step() {
        switch random.below(1000) {
        case 0: now += UInt32(random.below(40))
        case 1: flush()
        case 2..<20: now += 1
        case 20..<420: insert(name(), isFailure: random.below(20) == 0)
        case 420..<450: askStale(name())
        default: ask(name())
        }
    }

    private mutating func flush() {
        guard random.below(5) == 0 else { return }
        shard.clear()
        kept = [:]
    }

    /// One record of a private type, most of them small.
    private mutating func records(ttl: UInt32) -> [UInt8] {
        let length = random.below(random.below(100) == 0 ? 9000 : 200)
        let octet = UInt8(truncatingIfNeeded: random.next())
        return [0xc0, 0x0c, 0xff, 0, 0, 1] + Self.octets(ttl)
            + [UInt8(length >> 8), UInt8(length & 255)] + [UInt8](repeating: octet, count: length)
    }

    private static func octets(_ number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * UInt32($0))) }
    }

    private mutating func insert(_ name: Int, isFailure: Bool) {
        let ttl = UInt32(1 + random.below(60))
        let records = isFailure ? [] : records(ttl: ttl)
        ttls.removeAll()
        if !isFailure { _ = ttls.append(6) }
        let outline = AnswerOutline(
            flags: [.response], code: isFailure ? .serverFailure : .noError,
            answerCount: isFailure ? 0 : 1, authorityCount: 0, additionalCount: 0)
        let question = questions[name]
        let entry = NewEntry(
            key: keys[name], question: question.span.bytes, outline: outline,
            records: records.span.bytes, extendedError: RawSpan(), ttl: ttl, isFailure: isFailure)
        kept[name] = nil
        if shard.insert(entry, ttls: ttls, now: now, epoch: 1) {
            kept[name] = Kept(records: records, storedAt: now, ttl: ttl, isFailure: isFailure)
            if shard.find(keys[name], question.span.bytes) == nil {
                complaint = "what was just stored is not there"
            }
        }
    }

    private mutating func ask(_ name: Int) {
        let client = CacheRig.reply(sizeLimit: 65_535, hasEDNS: false)
        let question = questions[name]
        let key = keys[name]
        let now = now
        var room = [UInt8]()
        swap(&room, &reply)
        let found = withRoom(in: &room) { room in
            shard.answer(
                key, question: question.span.bytes, spelled: question.span.bytes, as: client,
                settings: Self.settings, now: now, epoch: 1, into: &room)
        }
        swap(&room, &reply)
        switch found {
        case .hit(let length, _):
            hits += 1
            check(name, length: length, isStale: false)
        case .expired:
            guard let kept = kept[name], !kept.isFailure, now - kept.storedAt >= kept.ttl,
                now - kept.storedAt < kept.ttl + 50
            else { return complaint = "expired what is not" }
        case .tooLong: complaint = "too long for 64 KiB"
        case .miss:
            guard shard.statistics.evictions == 0, let kept = kept[name] else { return }
            let age = now - kept.storedAt
            if age < kept.ttl || !kept.isFailure && age < kept.ttl + 50 {
                complaint = "lost without an eviction"
            }
        }
    }

    private mutating func askStale(_ name: Int) {
        let client = CacheRig.reply(sizeLimit: 65_535, hasEDNS: false)
        let question = questions[name]
        let key = keys[name]
        let now = now
        var room = [UInt8]()
        swap(&room, &reply)
        let found = withRoom(in: &room) { room in
            shard.answerStale(
                key, question: question.span.bytes, spelled: question.span.bytes, as: client,
                settings: Self.settings, now: now, into: &room)
        }
        swap(&room, &reply)
        if case .hit(let length, _) = found { check(name, length: length, isStale: true) }
    }

    /// Compares the answer at hand with what was stored last.
    private mutating func check(_ name: Int, length: Int, isStale: Bool) {
        guard let kept = kept[name] else { return complaint = "an answer that was never stored" }
        let age = now - kept.storedAt
        guard age < kept.ttl || isStale && !kept.isFailure && age < kept.ttl + 50 else {
            return complaint = "an answer that has expired"
        }
        var records = kept.records
        if !kept.isFailure {
            records.replaceSubrange(
                6..<10, with: Self.octets(age < kept.ttl ? kept.ttl - age : 30))
        }
        if !isAnswer(questions[name] + records, length) {
            complaint = "another answer than the one that was stored"
        }
    }

    /// Whether the reply at hand has these octets behind its header.
    private func isAnswer(_ octets: [UInt8], _ length: Int) -> Bool {
        length == 12 + octets.count && reply.span.bytes.holds(octets.span.bytes, at: 12)
    }

    /// Walks both rings and holds them against the index.
    mutating func takeCensus() {
        let small = shard.small
        let main = shard.main
        let live = liveEntries(small) + liveEntries(main)
        let count = shard.index.count
        guard live.count == count else {
            complaint = "\(live.count) entries, \(count) in the index"
            return
        }
        let isKnown = live.allSatisfy { knows($0) }
        if !isKnown { complaint = "an entry that the index does not know" }
    }

    private func knows(_ start: Int) -> Bool {
        let tag = EntryLayout(start: start).header(shard.octets()).tag
        var probe = 0
        while let location = shard.index.next(tag, probe: &probe) {
            if location.entry.start == start { return true }
        }
        return false
    }

    private mutating func liveEntries(_ ring: EntryRing) -> [Int] {
        var live: [Int] = []
        var offset = ring.tail
        var left = ring.used
        while left > 0 {
            let entry = EntryLayout(start: offset)
            let size = entry.size(shard.octets())
            guard size >= 8, offset + size <= ring.end, size <= left else {
                complaint = "an entry that leaves its ring"
                return live
            }
            if entry.isLive(shard.octets()) { live.append(offset) }
            offset = offset + size == ring.end ? ring.base : offset + size
            left -= size
        }
        if offset != ring.head { complaint = "a ring that does not end at its head" }
        return live
    }
}
