import Collections
import Testing

@Suite struct FixedArrayTests {
    @Test func keepsWhatIsStored() {
        var array = FixedArray(repeating: UInt32(7), count: 100)
        array[99] = 1
        array[0] += 1
        let values = [array[0], array[1], array[99]]
        #expect(values == [8, 7, 1])
    }

    @Test func fillsARangeOnly() {
        var array = FixedArray(repeating: UInt8(0), count: 4)
        array.fill(1..<3, with: 9)
        array.fill(4..<4, with: 1)
        let values = (0..<4).map { array[$0] }
        #expect(values == [0, 9, 9, 0])
    }

    @Test func mayBeEmpty() {
        let array = FixedArray<UInt64>(uninitializedCount: 0)
        let count = array.count
        #expect(count == 0)
    }

    @Test func anIndexOutsideEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            let array = FixedArray(repeating: UInt8(0), count: 4)
            _ = array[4]
        }
        await #expect(processExitsWith: .failure) {
            let array = FixedArray(repeating: UInt8(0), count: 4)
            _ = array[-1]
        }
    }
}
