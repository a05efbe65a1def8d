import TestSupport
import Testing

@testable import DNSCache

@Suite struct EntryRingTests {
    @Test func handsOutItsMemoryInTurnAndTakesItBack() {
        var ring = EntryRing(base: 64, capacity: 100)
        #expect(ring.capacity == 96)
        let first = ring.take(40)?.offset
        let second = ring.take(40)?.offset
        let third = ring.take(40)?.offset
        #expect(first == 64)
        #expect(second == 104)
        #expect(third == nil)
        ring.dropOldest(40)
        // 16 octets are left before the end: a filler takes them.
        let wrapped = ring.take(40)
        #expect(wrapped?.offset == 64)
        #expect(wrapped?.fillerStart == 144)
        #expect(wrapped?.fillerSize == 16)
        #expect(ring.used == 96)
        let none = ring.take(8)?.offset
        #expect(none == nil)
    }

    @Test func beginsAtItsBaseWhenItIsEmptyAgain() {
        var ring = EntryRing(base: 0, capacity: 64)
        _ = ring.take(24)
        ring.dropOldest(24)
        #expect(ring.oldest == nil)
        let place = ring.take(64)
        #expect(place?.offset == 0)
        #expect(place?.fillerSize == 0)
        ring.clear()
        #expect(ring.used == 0)
    }

    /// Against a plain list of what was handed out and not taken back.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func nothingOverlapsAndNothingIsLost(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var ring = EntryRing(base: 800, capacity: 4096)
        var held: [Range<Int>] = []
        for _ in 0..<20_000 {
            let size = 8 * (1 + random.below(random.below(10) == 0 ? 200 : 20))
            if random.below(3) > 0, let place = ring.take(size) {
                if place.fillerSize > 0 {
                    held.append(place.fillerStart..<(place.fillerStart + place.fillerSize))
                }
                held.append(place.offset..<(place.offset + size))
            } else if let oldest = held.first {
                guard ring.oldest?.start == oldest.lowerBound else {
                    Issue.record("the oldest is at \(String(describing: ring.oldest?.start))")
                    return
                }
                held.removeFirst()
                ring.dropOldest(oldest.count)
            }
            let sorted = held.sorted { $0.lowerBound < $1.lowerBound }
            let overlaps = zip(sorted, sorted.dropFirst()).contains { $0.overlaps($1) }
            let isInside = held.allSatisfy { $0.lowerBound >= 800 && $0.upperBound <= ring.end }
            guard !overlaps, isInside, ring.used == held.reduce(0, { $0 + $1.count }) else {
                Issue.record("overlap, escape or loss")
                return
            }
        }
    }
}
