import TestSupport
import Testing

@testable import DNSCache

@Suite struct CacheIndexTests {
    private static func locations(_ index: borrowing CacheIndex, _ tag: UInt32) -> [UInt32] {
        var probe = 0
        var found: [UInt32] = []
        while let location = index.next(tag, probe: &probe) { found.append(location.rawValue) }
        return found
    }

    /// One of sixty tags that ask for twenty places around the end.
    private static func tag(_ random: inout SplitMix64) -> UInt32 {
        UInt32((random.below(20) + 50) % 64) << 26 | UInt32(random.below(3))
    }

    /// Few tags that want to be next to each other and around the end, so that runs get long.
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func doesWhatADictionaryDoes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var index = CacheIndex(mostHomes: 64)
        var model: [UInt32: UInt32] = [:]
        for step in 1...20_000 {
            let location = CacheIndex.Location(rawValue: UInt32(1 + random.below(60)))
            if let tag = model.removeValue(forKey: location.rawValue) {
                if random.below(4) == 0 {
                    let moved = CacheIndex.Location(rawValue: UInt32(500_000 + step))
                    index.update(tag, from: location, to: moved)
                    index.update(tag, from: moved, to: location)
                }
                index.remove(tag, location)
                // Once is enough, and what is not there stays out.
                index.remove(tag, location)
            } else if !index.isFull {
                let tag = Self.tag(&random)
                guard index.insert(tag, location) else {
                    Issue.record("no place although it is not full")
                    return
                }
                model[location.rawValue] = tag
            }
            let tag = Self.tag(&random)
            let found = Self.locations(index, tag)
            let count = index.count
            // One of another tag may come along, if the tags end alike.
            let exact = found.filter { model[$0] == tag }
            let alike = found.allSatisfy { (model[$0] ?? ~tag) & 63 == tag & 63 }
            guard Set(exact) == Set(model.filter { $0.value == tag }.keys), alike,
                found.count == Set(found).count, count == model.count
            else {
                Issue.record("seed \(seed), step \(step): other locations than the dictionary")
                return
            }
        }
        index.clear()
        let count = index.count
        #expect(count == 0)
    }

    /// Lets it grow and enters again what was in it.
    private static func grow(
        _ index: inout CacheIndex, _ held: [(tag: UInt32, location: CacheIndex.Location)]
    ) {
        index.grow()
        for (tag, location) in held {
            let isEntered = index.insert(tag, location)
            #expect(isEntered)
        }
    }

    /// Grown, it is as large as it may be, and what is entered again is found again.
    @Test func doublesUntilAllOfItIsUsed() {
        var random = SplitMix64(seed: 9)
        var index = CacheIndex(mostHomes: 10_000)
        var held: [(tag: UInt32, location: CacheIndex.Location)] = []
        var sizes = [index.placesInUse]
        while held.count < 5000 {
            if index.wantsToGrow {
                Self.grow(&index, held)
                sizes.append(index.placesInUse)
            }
            let tag = UInt32(truncatingIfNeeded: random.next())
            held.append((tag, CacheIndex.Location(rawValue: UInt32(held.count + 1))))
            let isEntered = index.insert(tag, held[held.count - 1].location)
            #expect(isEntered)
        }
        let probes = CacheLimits.probes
        #expect(sizes == [1024, 1792 + probes, 3584 + probes, 7168 + probes, 10_000 + probes])
        let count = index.count
        #expect(count == held.count)
        let lost = held.count { !Self.locations(index, $0.tag).contains($0.location.rawValue) }
        #expect(lost == 0)
        index.clear()
        let places = index.placesInUse
        #expect(places == sizes[0])
    }

    @Test func runsAreBounded() {
        var index = CacheIndex(mostHomes: 1024)
        for place in 1...CacheLimits.probes {
            let isEntered = index.insert(7, CacheIndex.Location(rawValue: UInt32(place)))
            #expect(isEntered)
        }
        let isEntered = index.insert(7, CacheIndex.Location(rawValue: 1000))
        #expect(!isEntered)
        let count = index.count
        #expect(count == CacheLimits.probes)
    }

    /// Three quarters full, with a good hash, not one in a thousand finds no place.
    @Test func hardlyAnyEntryFindsNoPlace() {
        var random = SplitMix64(seed: 5)
        var index = CacheIndex(mostHomes: 10_000)
        var refused = 0
        var next: UInt32 = 1
        var held: [(tag: UInt32, location: CacheIndex.Location)] = []
        for _ in 0..<60_000 {
            if index.wantsToGrow { Self.grow(&index, held) }
            while index.isFull {
                let gone = held.remove(at: random.below(held.count))
                index.remove(gone.tag, gone.location)
            }
            let tag = UInt32(truncatingIfNeeded: random.next())
            let location = CacheIndex.Location(rawValue: 1 + next % 500_000)
            next += 1
            if index.insert(tag, location) { held.append((tag, location)) } else { refused += 1 }
        }
        #expect(refused < 60)
    }
}
