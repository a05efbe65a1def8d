import DNSWire
import NetAddress
import TestSupport
import Testing

@testable import DNSCache

@Suite struct MessageCacheTests {
    private static let extendedError: UInt16 = 15

    private static func error(_ found: CacheRig.Found) -> [UInt8]? {
        found.message?.option(extendedError)
    }

    @Test func aHitAgesInWholeSecondsAndEnds() {
        var rig = CacheRig()
        rig.store("a.example", ttl: 20, now: 100)
        let ttls = [100, 101, 119].map { rig.ask("a.example", now: $0).ttls }
        let expired = rig.ask("a.example", now: 120).answer
        // A clock that stands before the time of storing ages nothing.
        let early = rig.ask("a.example", now: 99).ttls
        #expect(ttls == [[20], [19], [1]])
        #expect(expired == .expired(hasFailed: false))
        #expect(early == [20])
    }

    @Test func anAnswerIsReplacedByTheNextOne() {
        var rig = CacheRig()
        rig.store("a.example", address: 1, now: 100)
        rig.store("a.example", address: 2, ttl: 50, now: 101)
        let found = rig.ask("a.example", now: 101)
        let entries = rig.cache.statistics.entries
        #expect(found.message?.answers.map(\.data) == [[192, 0, 2, 2]])
        #expect(found.ttls == [50])
        #expect(entries == 1)
    }

    @Test func staleAnswersSayThatTheyAre() {
        var rig = CacheRig(CacheSettings(byteCount: 1 << 20, staleSeconds: 60))
        rig.store("a.example", ttl: 10, now: 100)
        var absent = CacheRig.answer("b.example", code: 3)
        absent.addRecord(
            owner: [0], type: 6, ttl: 10,
            data: [0, 0] + [UInt8](repeating: 0, count: 16) + [0, 0, 0, 10], in: .authority)
        rig.store(absent, now: 100)
        let stale = rig.askStale("a.example", now: 110)
        #expect(stale.ttls == [30])
        #expect(Self.error(stale) == [0, 3])
        let last = rig.askStale("a.example", now: 169)
        #expect(last.ttls == [30])
        let over = rig.askStale("a.example", now: 170).answer
        #expect(over == .miss)
        let miss = rig.ask("a.example", now: 170).answer
        #expect(miss == .miss)
        let name = rig.askStale("b.example", now: 111)
        #expect(name.message?.code == 3)
        #expect(Self.error(name) == [0, 19])
        let plain = rig.askStale(
            "a.example", as: CacheRig.reply(hasEDNS: false), now: 111)
        #expect(plain.ttls == [30])
        #expect(plain.message?.option == nil)
    }

    @Test func whatHasBecomeFreshMeanwhileIsNotCalledStale() {
        var rig = CacheRig()
        rig.store("a.example", ttl: 10, now: 100)
        let found = rig.askStale("a.example", now: 105)
        #expect(found.ttls == [5])
        #expect(Self.error(found) == nil)
    }

    @Test func failuresAreRememberedForLongerEachTime() {
        var rig = CacheRig()
        var now: UInt32 = 100
        for length in [5, 10, 20, 40, 80, 160, 300, 300] as [UInt32] {
            rig.storeFailure("a.example", now: now)
            let last = rig.ask("a.example", now: now + length - 1).message?.code
            let over = rig.ask("a.example", now: now + length).answer
            #expect(last == 2)
            #expect(over == .miss)
            now += length
        }
        let stale = rig.askStale("a.example", now: now - 1).answer
        #expect(stale == .hit(0, isDue: false) || stale == .miss)
        rig.storeFailure("a.example", now: now + 1000)
        let forgotten = rig.ask("a.example", now: now + 1005).answer
        #expect(forgotten == .miss)
    }

    @Test func recoveryVoidsFailuresAndNothingElse() {
        var rig = CacheRig()
        rig.store("good.example", now: 100)
        rig.storeFailure("a.example", now: 100)
        rig.storeFailure("a.example", now: 100)
        Self.endOutage(of: rig.cache, at: 100)
        let void = rig.ask("a.example", now: 100).answer
        let good = rig.ask("good.example", now: 100).ttls
        #expect(void == .miss)
        #expect(good == [300])
        // The back-off begins anew.
        rig.storeFailure("a.example", now: 100)
        let over = rig.ask("a.example", now: 105).answer
        #expect(over == .miss)
    }

    @Test func aFailureDisplacesNoAnswer() {
        var rig = CacheRig(CacheSettings(byteCount: 1 << 20, staleSeconds: 60))
        rig.store("a.example", ttl: 10, now: 100)
        rig.storeFailure("a.example", now: 105)
        let fresh = rig.ask("a.example", now: 105).ttls
        rig.storeFailure("a.example", now: 120)
        let stale = rig.ask("a.example", now: 120).answer
        rig.storeFailure("a.example", now: 170)
        let failure = rig.ask("a.example", now: 170).message?.code
        #expect(fresh == [5])
        #expect(stale == .expired(hasFailed: true))
        #expect(failure == 2)
    }

    /// RFC 8767 section 5, the failure recheck timer.
    @Test func aFailureBesideAnAnswerIsRememberedFor30Seconds() {
        var rig = CacheRig(CacheSettings(byteCount: 1 << 20))
        rig.store("a.example", ttl: 10, now: 100)
        rig.storeFailure("a.example", now: 120)
        let found = [120, 149, 150].map { rig.ask("a.example", now: $0).answer }
        #expect(found == [true, true, false].map { .expired(hasFailed: $0) })
        // Each time anew, and never for longer.
        rig.storeFailure("a.example", now: 150)
        rig.storeFailure("a.example", now: 160)
        let again = [189, 190].map { rig.ask("a.example", now: $0).answer }
        #expect(again == [true, false].map { .expired(hasFailed: $0) })
        // It is of that question alone.
        rig.store("b.example", ttl: 10, now: 100)
        let other = rig.ask("b.example", now: 189).answer
        #expect(other == .expired(hasFailed: false))
    }

    @Test func anAnswerAndARecoveryEndAFailureBesideAnAnswer() {
        var rig = CacheRig(CacheSettings(byteCount: 1 << 20))
        for name in ["a.example", "b.example"] {
            rig.store(name, ttl: 10, now: 100)
            rig.storeFailure(name, now: 120)
        }
        rig.store("a.example", ttl: 5, now: 121)
        let answered = rig.ask("a.example", now: 126).answer
        let other = rig.ask("b.example", now: 126).answer
        Self.endOutage(of: rig.cache, at: 126)
        let recovered = rig.ask("b.example", now: 126).answer
        #expect(answered == .expired(hasFailed: false))
        #expect(other == .expired(hasFailed: true))
        #expect(recovered == .expired(hasFailed: false))
        let isStale = rig.askStale("b.example", now: 126).message?.code
        #expect(isStale == 0)
    }

    /// A question expires, and an answer comes.
    private static func endOutage(of cache: MessageCache, at second: Int) {
        let now = Instant(microseconds: UInt64(second) * 1_000_000)
        cache.questionExpired(askedAt: now)
        cache.upstreamAnswered(now: now + .seconds(1))
    }

    @Test func anAnswerInUseIsDueInItsLastTenthUntilItIsFetched() {
        var rig = CacheRig()
        rig.store("a.example", ttl: 100, now: 0)
        rig.store("b.example", ttl: 100, now: 0)
        func isDue(_ name: String, _ now: UInt32) -> Bool {
            if case .hit(_, true) = rig.ask(name, now: now).answer { return true }
            return false
        }
        #expect(!isDue("a.example", 50))
        #expect(!isDue("a.example", 89))
        #expect(isDue("a.example", 90))
        #expect(isDue("a.example", 91))
        let question = CacheRig.question("a.example")
        rig.cache.noteRefresh(rig.key(question), question: question.span.bytes)
        #expect(!isDue("a.example", 92))
        // Nobody has asked for this one before.
        #expect(!isDue("b.example", 95))
        #expect(isDue("b.example", 96))
    }

    @Test func flagsAreThoseOfTheClientAndTheAnswer() {
        var rig = CacheRig()
        var message = CacheRig.answer("a.example", flags: 0x8180 | 0x0420)
        message.addRecord(type: 1, data: [192, 0, 2, 1])
        rig.store(message, now: 0)
        let plain = rig.ask("a.example", now: 0).message?.flags
        let asking = CacheRig.reply(flags: [.recursionDesired, .authenticData])
        let authentic = rig.ask("a.example", as: asking, now: 0).message?.flags
        #expect(plain == UInt16(0x8580))
        #expect(authentic == UInt16(0x85a0))
    }

    @Test func clientsOfAllSizesShareOneEntry() {
        var rig = CacheRig()
        var message = CacheRig.answer("a.example", type: 16)
        for _ in 0..<10 {
            message.addRecord(type: 16, data: [200] + [UInt8](repeating: 65, count: 200))
        }
        rig.store(message, now: 0)
        let size = message.bytes.count
        for (limit, hasEDNS, isWhole) in [
            (512, false, false), (1232, true, false), (size - 1, false, false), (size, false, true),
            (size, true, false), (size + 11, true, true), (65_535, true, true),
        ] {
            let reply = CacheRig.reply(sizeLimit: limit, hasEDNS: hasEDNS)
            let found = rig.ask("a.example", type: 16, as: reply, now: 0)
            #expect(found.message?.answers.count == (isWhole ? 10 : 0))
            #expect((found.message?.flags ?? 0) & 0x0200 == (isWhole ? 0 : 0x0200))
        }
        let entries = rig.cache.statistics.entries
        #expect(entries == 1)
    }

    /// A TCP client takes more than the room there is for an answer that is given at once.
    @Test func tooLongForTheRoomIsSaidAndNothingIsCut() {
        var rig = CacheRig()
        var message = CacheRig.answer("a.example")
        for _ in 0..<100 { message.addRecord(type: 1, data: [192, 0, 2, 1]) }
        rig.store(message, now: 0)
        let stream = CacheRig.reply(sizeLimit: 65_535)
        let now = rig.ask("a.example", as: stream, now: 0, capacity: 1232).answer
        let later = rig.ask("a.example", as: stream, now: 0).message?.answers.count
        let stale = rig.askStale("a.example", as: stream, now: 400, capacity: 1232).answer
        // One that takes less than the room is told to come back over TCP.
        let datagram = rig.ask("a.example", now: 0, capacity: 1232).message
        #expect(now == .tooLong(isDue: false))
        #expect(later == 100)
        #expect(stale == .tooLong(isDue: false))
        #expect(datagram?.flags == 0x8380)
    }

    @Test func answersOf64KiBAreKept() {
        var rig = CacheRig(CacheSettings(byteCount: 16 << 20))
        var message = CacheRig.answer("a.example")
        while message.bytes.count + 12 + 4000 < 65_535 {
            message.addRecord(type: 65_280, data: [UInt8](repeating: 1, count: 4000))
        }
        message.addRecord(type: 1, data: [192, 0, 2, 1])
        let rest = 65_535 - message.bytes.count - 12
        message.addRecord(type: 65_280, data: [UInt8](repeating: 1, count: rest))
        for number in 0..<20 {
            rig.store(message, now: UInt32(number))
            let reply = CacheRig.reply(sizeLimit: 65_535)
            let found = rig.ask("a.example", as: reply, now: UInt32(number))
            #expect(found.bytes.count == 65_535)
        }
    }

    @Test func aFlushForgetsAll() {
        var rig = CacheRig(CacheSettings(byteCount: 16 << 20))
        for number in 0..<500 { rig.store("n\(number).example", now: 0) }
        rig.cache.flush()
        let found = (0..<500).filter { rig.ask("n\($0).example", now: 0).answer != .miss }
        let statistics = rig.cache.statistics
        #expect(found.isEmpty)
        #expect(statistics.entries == 0)
        #expect(statistics.usedByteCount == 0)
    }

    @Test func aCacheOfNothingKeepsNothing() {
        let cache = MessageCache(
            settings: CacheSettings(byteCount: 0), hash: KeyedHash(1, 1))
        #expect(!cache.isEnabled)
        #expect(!MessageCache.disabled.isEnabled)
    }

    /// What workers do at once; the thread sanitizer looks on (`scripts/sanitize.sh thread`).
    @Test func threadsShareOneCache() async {
        let cache = MessageCache(
            settings: CacheSettings(byteCount: 1 << 20), hash: KeyedHash(~3, ~4 << 20))
        let wrong = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<4 {
                group.addTask { Self.work(on: cache, seed: UInt64(worker)) }
            }
            return await group.reduce(0, +)
        }
        let hits = cache.statistics.hits
        #expect(wrong == 0)
        #expect(hits > 1000)
    }

    /// Stores, asks and now and then flushes; gives the number of wrong answers.
    private static func work(on cache: MessageCache, seed: UInt64) -> Int {
        var rig = CacheRig(cache)
        var random = SplitMix64(seed: seed)
        var wrong = 0
        for step in 0..<4000 {
            let number = random.below(1 + random.below(250))
            let now = UInt32(step / 100)
            switch random.below(200) {
            case 0: if random.below(4) == 0 { cache.flush() }
            case 1: endOutage(of: cache, at: step)
            case 2: rig.storeFailure("n\(number).example", now: now)
            case 3: _ = cache.statistics
            case 4..<10: _ = rig.askStale("n\(number).example", now: now)
            case 10..<60:
                rig.store("n\(number).example", address: UInt8(number), ttl: 5, now: now)
            default:
                let found = rig.ask("n\(number).example", now: now)
                guard let message = found.message, message.code == 0 else { continue }
                if message.answers.map(\.data) != [[192, 0, 2, UInt8(number)]] { wrong += 1 }
            }
        }
        return wrong
    }
}
