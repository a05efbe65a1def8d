import DNSWire
import TestSupport
import Testing

@testable import DNSCache

@Suite struct CacheCursorTests {
    private static func all(_ cache: MessageCache, now: UInt32) -> [EntryCopy] {
        var cursor = CacheCursor()
        var all: [EntryCopy] = []
        while let some = cache.entries(from: &cursor, now: now) { all += some }
        return all
    }

    @Test func copiesEveryEntryOnce() {
        var rig = CacheRig(CacheSettings(byteCount: 4 << 20))
        let names = (0..<500).map { "n\($0).example" }
        for name in names { rig.store(name, ttl: 60, now: 100) }
        rig.storeFailure("bad.example", now: 100)
        let entries = Self.all(rig.cache, now: 110)
        let seen = entries.compactMap { DecodedMessage($0.message)?.name }
        #expect(entries.count == 501)
        #expect(Set(seen).count == 501)
        #expect(entries.count { $0.summary.isFailure && $0.code == 2 } == 1)
        #expect(entries.allSatisfy { $0.summary.age == 10 })
        #expect(entries.count { $0.summary.secondsLeft == 50 } == 500)
        let addresses = entries.compactMap { DecodedMessage($0.message)?.answers.first?.data }
        #expect(addresses.count == 500)
        #expect(addresses.allSatisfy { $0 == [192, 0, 2, 1] })
    }

    /// The index grows between two looks, which moves entries on, so that none of these is missed;
    /// then it shrinks.
    @Test func theIndexMayGrowAndShrinkMeanwhile() {
        // One part.
        var rig = CacheRig(CacheSettings(byteCount: 512 << 10))
        let names = (0..<400).map { "n\($0).example" }
        for name in names { rig.store(name, ttl: 60, now: 100) }
        var cursor = CacheCursor()
        var seen: Set<[UInt8]> = []
        for round in 0... {
            guard let some = rig.cache.entries(from: &cursor, now: 110) else { break }
            seen.formUnion(some.compactMap { DecodedMessage($0.message)?.name })
            for number in 0..<300 where round < 8 {
                rig.store("m\(round)x\(number).example", ttl: 60, now: 110)
            }
        }
        #expect(names.allSatisfy { seen.contains(DomainName.wire($0)) })
        cursor = CacheCursor()
        for _ in 0..<20 { _ = rig.cache.entries(from: &cursor, now: 110) }
        rig.cache.flush()
        let after = rig.cache.entries(from: &cursor, now: 110)
        #expect(after?.isEmpty == true)
    }

    @Test func anEmptyOrDisabledCacheHasNone() {
        let rig = CacheRig()
        let entries = Self.all(rig.cache, now: 1)
        #expect(entries.isEmpty)
        #expect(Self.all(.disabled, now: 1).isEmpty)
    }

    @Test func summariesDoNotCountAsHits() {
        var rig = CacheRig()
        rig.store("a.example", ttl: 60, now: 100)
        let question = CacheRig.question("a.example")
        let key = rig.key(question)
        let summary = rig.cache.summary(key, question: question.span.bytes, now: 170)
        let other = rig.cache.summary(
            key, question: CacheRig.question("b.example").span.bytes, now: 100)
        let statistics = rig.cache.statistics
        #expect(summary == EntrySummary(age: 70, ttl: 60, isFailure: false))
        #expect(summary?.secondsLeft == 0)
        #expect(other == nil)
        #expect(statistics.hits == 0)
        #expect(statistics.misses == 0)
    }
}
