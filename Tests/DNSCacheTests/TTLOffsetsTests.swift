import Testing

@testable import DNSCache

@Suite struct TTLOffsetsTests {
    @Test(
        arguments: [
            (0, 10), (9, 10), (10, 10), (77, 77), (100, 100), (101, 100), (0x7fff_ffff, 100),
            (0x8000_0000, 10), (0xffff_ffff, 10),
        ] as [(UInt32, UInt32)])
    func bounds(ttl: UInt32, expected: UInt32) {
        var offsets = TTLOffsets()
        offsets.minimum = 10
        offsets.maximum = 100
        let clamped = offsets.clamped(ttl)
        #expect(clamped == expected)
    }

    @Test func holdsAsManyAsAMessageAndNoMore() {
        var offsets = TTLOffsets()
        var isTaken = true
        for number in 0..<5958 { isTaken = isTaken && offsets.append(number * 11) }
        let isTooMany = offsets.append(1)
        offsets.truncate(to: 3)
        let isTooFar = offsets.append(65_536)
        let count = offsets.count
        #expect(isTaken)
        #expect(!isTooMany)
        #expect(!isTooFar)
        #expect(count == 3)
    }
}
