import Collections
import TestSupport
import Testing

@Suite struct ByteSlabTests {
    private static func octets(_ slab: borrowing ByteSlab, _ index: Int) -> [UInt8] {
        let span = slab.span(index, length: slab.slotSize)
        return (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }

    @Test func slotsAreZeroAndDoNotOverlap() {
        var slab = ByteSlab(count: 3, slotSize: 4)
        var slot = slab.mutableSpan(1)
        for offset in 0..<4 { slot.storeBytes(of: 0xff, toByteOffset: offset, as: UInt8.self) }
        let contents = [Self.octets(slab, 0), Self.octets(slab, 1), Self.octets(slab, 2)]
        #expect(contents == [[0, 0, 0, 0], [255, 255, 255, 255], [0, 0, 0, 0]])
    }

    @Test func aSpanHasTheLengthAskedFor() {
        let slab = ByteSlab(count: 1, slotSize: 8)
        let lengths = [slab.span(0, length: 0).byteCount, slab.span(0, length: 8).byteCount]
        #expect(lengths == [0, 8])
    }

    @Test func aPlaceOutsideEndsTheProcess() async {
        await #expect(processExitsWith: .failure) {
            let slab = ByteSlab(count: 2, slotSize: 8)
            _ = slab.span(2, length: 1).byteCount
        }
        await #expect(processExitsWith: .failure) {
            let slab = ByteSlab(count: 2, slotSize: 8)
            _ = slab.span(0, length: 9).byteCount
        }
    }
}
