import Collections
import TestSupport
import Testing

@Suite struct ZeroedArrayTests {
    /// Sizes around those of pages and of words of page bits.
    @Test(arguments: [1, 1023, 1024, 1025, 65_535, 65_536, 65_537, 200_000])
    func doesWhatAnArrayOfZerosDoes(count: Int) {
        var random = SplitMix64(seed: UInt64(count))
        var table = ZeroedArray<UInt32>(count: count)
        var model = [UInt32](repeating: 0, count: count)
        for round in 0..<3 {
            for _ in 0..<500 {
                let index = random.below(count)
                let value = UInt32(truncatingIfNeeded: random.next())
                table[index] = value
                model[index] = value
            }
            let differs = (0..<count).contains { table[$0] != model[$0] }
            #expect(!differs, "round \(round)")
            table.removeAll()
            model = [UInt32](repeating: 0, count: count)
            let isZero = (0..<count).allSatisfy { table[$0] == 0 }
            #expect(isZero)
        }
    }

    @Test func firstAndLastAreElements() {
        var table = ZeroedArray<UInt16>(count: 70_000)
        table[0] = 1
        table[69_999] = 2
        let values = [table[0], table[1], table[69_998], table[69_999]]
        #expect(values == [1, 0, 0, 2])
    }
}
