import DNSWire
import TestSupport
import Testing

@testable import DNSCache

@Suite struct ForgettingTests {
    private static func flush(_ rig: borrowing CacheRig, _ name: String, subtree: Bool) -> Int {
        let wire = DomainName.wire(name)
        return rig.cache.flush(name: wire.span.bytes, subtree: subtree)
    }

    private static func isKnown(_ rig: borrowing CacheRig, _ name: String) -> Bool {
        if case .hit = rig.ask(name, now: 100).answer { true } else { false }
    }

    @Test(arguments: [
        (false, ["a.example"]), (true, ["a.example", "b.a.example", "c.b.a.example"]),
    ])
    func forgetsAName(_ subtree: Bool, _ gone: [String]) {
        let names = [
            "a.example", "b.a.example", "c.b.a.example", "ba.example", "example", "aa.example",
            "a.example.net",
        ]
        var rig = CacheRig()
        for name in names { rig.store(name, now: 100) }
        let count = Self.flush(rig, "a.example", subtree: subtree)
        var left: [String] = []
        for name in names where Self.isKnown(rig, name) { left.append(name) }
        #expect(count == gone.count)
        #expect(left == names.filter { !gone.contains($0) })
    }

    @Test func forgetsEveryTypeAndFailures() {
        var rig = CacheRig()
        rig.store("a.example", now: 100)
        var other = CacheRig.answer("a.example", type: 28)
        other.addRecord(type: 28, ttl: 60, data: [UInt8](repeating: 1, count: 16))
        rig.store(other, now: 100)
        rig.storeFailure("b.example", now: 100)
        let first = Self.flush(rig, "a.example", subtree: false)
        let second = Self.flush(rig, "b.example", subtree: false)
        let entries = rig.cache.statistics.entries
        #expect(first == 2)
        #expect(second == 1)
        #expect(entries == 0)
    }

    @Test func forgetsThatThereIsNothingAbove() {
        var rig = CacheRig(CacheSettings(byteCount: 1 << 20, cutsWithoutValidation: true))
        var absent = CacheRig.answer("gone.example", code: 3)
        absent.addRecord(
            owner: [0], type: 6, ttl: 100,
            data: [0, 0] + [UInt8](repeating: 0, count: 16) + [0, 0, 0, 100], in: .authority)
        rig.store(absent, now: 100)
        let before = Self.isKnown(rig, "new.gone.example")
        _ = Self.flush(rig, "new.gone.example", subtree: false)
        let after = Self.isKnown(rig, "new.gone.example")
        let itself = Self.isKnown(rig, "gone.example")
        #expect(before)
        #expect(!after)
        #expect(itself)
    }

    @Test func theRootWithAllBelowIsEverything() {
        var rig = CacheRig()
        for number in 0..<2000 { rig.store("n\(number).example", now: 100) }
        let entries = rig.cache.statistics.entries
        let count = Self.flush(rig, ".", subtree: true)
        let left = rig.cache.statistics.entries
        #expect(entries > 1000)
        #expect(count == entries)
        #expect(left == 0)
    }

    /// The index doubles between two looks, so what was not looked at yet lies elsewhere.
    @Test func forgetsAllAlthoughTheIndexGrowsMeanwhile() {
        // One part.
        var rig = CacheRig(CacheSettings(byteCount: 512 << 10))
        for number in 0..<400 { rig.store("n\(number).example", now: 100) }
        let example = DomainName.wire("example")
        var place: Int? = 0
        var count = 0
        var others = 0
        while let next = place {
            place = rig.cache.withPart(0) { shard in
                shard.forget(example.span.bytes, subtree: true, from: next, count: &count)
            }
            for _ in 0..<250 where others < 2000 {
                rig.store("m\(others).example.net", now: 100)
                others += 1
            }
        }
        let entries = rig.cache.statistics.entries
        #expect(count == 400)
        #expect(entries == others)
    }

    @Test func aModelAgrees() {
        var random = SplitMix64(seed: 5)
        var rig = CacheRig(CacheSettings(byteCount: 8 << 20))
        var known: Set<String> = []
        for _ in 0..<3000 {
            let depth = Int.random(in: 1...4, using: &random)
            let name = (0..<depth).map { _ in "\(["a", "b", "ab"].randomElement(using: &random)!)" }
                .joined(separator: ".")
            if Int.random(in: 0..<10, using: &random) > 0 {
                rig.store(name, now: 100)
                known.insert(name)
            } else {
                let subtree = Bool.random(using: &random)
                let gone = known.filter { $0 == name || subtree && $0.hasSuffix(".\(name)") }
                let count = Self.flush(rig, name, subtree: subtree)
                #expect(count == gone.count)
                known.subtract(gone)
            }
        }
        let entries = rig.cache.statistics.entries
        #expect(entries == known.count)
    }
}
