import LinuxIO
import Testing

@Suite struct EntropyTests {
    @Test func doesNotRepeatAcrossRefills() {
        var entropy = Entropy()
        var seen: Set<UInt64> = []
        for _ in 0..<2000 { seen.insert(entropy.nextUInt64()) }
        #expect(seen.count == 2000)
    }

    @Test func numbersCoverTheirRange() {
        var entropy = Entropy()
        var seen: Set<UInt16> = []
        for _ in 0..<65536 { seen.insert(UInt16(truncatingIfNeeded: entropy.nextUInt64())) }
        // 1 - 1/e of all values is 41,427; chance keeps within a few hundred of it.
        #expect((40_000...43_000).contains(seen.count))
        #expect(seen.contains { $0 < 256 } && seen.contains { $0 > 65_279 })
    }

    @Test func twoSourcesDiffer() {
        var first = Entropy()
        var second = Entropy()
        let numbers = [first.nextUInt64(), second.nextUInt64()]
        #expect(numbers[0] != numbers[1])
    }
}
