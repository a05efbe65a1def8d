import DNSWire
import TestSupport
import Testing

@testable import DNSCache

@Suite struct CacheShardTests {
    /// A million in all four.
    private static let steps = 250_000

    /// Little memory, so that it is full of evictions, and enough memory to keep everything.
    @Test(arguments: [(1, 64), (2, 96), (3, 200), (4, 4096)] as [(UInt64, Int)])
    func answersWhatADictionaryHolds(seed: UInt64, kibibytes: Int) {
        var model = ShardModel(byteCount: kibibytes << 10, names: 2000, seed: seed)
        for step in 1...Self.steps {
            model.step()
            if step.isMultiple(of: 500) { model.takeCensus() }
            if let complaint = model.complaint {
                Issue.record("seed \(seed), step \(step): \(complaint)")
                return
            }
        }
        let evictions = model.shard.statistics.evictions
        #expect(model.hits > Self.steps / 100)
        #expect((evictions == 0) == (kibibytes == 4096))
    }

    /// Names that are asked for once: the memory neither grows nor is left unused.
    @Test func memoryIsFlatUnderEndlessNames() {
        let cache = MessageCache(
            settings: CacheSettings(byteCount: 2 << 20), hash: KeyedHash(~7, ~9 << 20))
        var rig = CacheRig(cache)
        var used = 0
        for number in 0..<Self.steps {
            rig.store("n\(number).example", now: 5)
            if number.isMultiple(of: 1000) { used = max(used, cache.statistics.usedByteCount) }
        }
        let statistics = cache.statistics
        #expect(used <= 2 << 20)
        #expect(statistics.insertions == UInt64(Self.steps))
        #expect(statistics.entries > 10_000)
    }

    @Test func anEntryThatIsTooLargeForItsPartIsNotKept() {
        var rig = CacheRig(CacheSettings(byteCount: 1))
        var large = CacheRig.answer("large.example")
        for _ in 0..<60 { large.addRecord(type: 65_280, data: [UInt8](repeating: 1, count: 1000)) }
        rig.store(large, now: 5)
        rig.store("small.example", now: 5)
        let missing = rig.ask("large.example", type: 1, now: 5).answer
        let small = rig.ask("small.example", now: 5).message
        #expect(missing == .miss)
        #expect(small?.answers.count == 1)
    }

    @Test func everythingIsKeptWhileThereIsRoom() {
        var rig = CacheRig(CacheSettings(byteCount: 1 << 20))
        for number in 0..<3000 { rig.store("host\(number).example", now: 5) }
        var found = 0
        for number in 0..<3000 where rig.ask("host\(number).example", now: 6).message != nil {
            found += 1
        }
        let evictions = rig.cache.statistics.evictions
        #expect(evictions == 0)
        #expect(found == 3000)
    }
}
