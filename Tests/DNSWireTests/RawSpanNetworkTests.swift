import DNSWire
import Testing

@Suite struct RawSpanNetworkTests {
    private let source: [UInt8] = [0x01, 0x02, 0x83, 0x04, 0x05, 0xff]

    @Test func numbersAreInNetworkOrderAtAnyPlace() {
        let span = source.span.bytes
        let octets = (0..<6).map { span.octet(at: $0) }
        let words = (0..<5).map { span.uint16(at: $0) }
        let longs = (0..<3).map { span.uint32(at: $0) }
        #expect(octets == source)
        #expect(words == [0x0102, 0x0283, 0x8304, 0x0405, 0x05ff])
        #expect(longs == [0x0102_8304, 0x0283_0405, 0x8304_05ff])
    }

    @Test func writesWhatItReads() {
        let bytes = written(capacity: 8) { bytes in
            bytes.setOctet(7, at: 0)
            bytes.setUInt16(0x0102, at: 1)
            bytes.setUInt32(0x0304_0506, at: 3)
            return 8
        }
        #expect(bytes == [7, 1, 2, 3, 4, 5, 6, 0xee])
    }

    @Test func copiesAndClearsExactlyTheRange() {
        let bytes = written(capacity: 8) { bytes in
            bytes.copy(source.span.bytes, 1..<4, to: 5)
            bytes.copy(source.span.bytes, 6..<6, to: 8)
            bytes.clear(1..<3)
            bytes.clear(8..<8)
            return 8
        }
        #expect(bytes == [0xee, 0, 0, 0xee, 0xee, 0x02, 0x83, 0x04])
    }

    private func holds(_ whole: [UInt8], _ part: [UInt8], at offset: Int) -> Bool {
        whole.span.bytes.holds(part.span.bytes, at: offset)
    }

    /// Every length at every place, and every single octet that differs.
    @Test(arguments: 0...40) func holdsWhatIsThereAndNothingElse(length: Int) {
        let part = (0..<length).map { UInt8($0 + 1) }
        for before in 0...9 {
            for after in 0...9 {
                let whole =
                    [UInt8](repeating: 0xee, count: before) + part
                    + [UInt8](repeating: 0xee, count: after)
                #expect(holds(whole, part, at: before))
                for place in part.indices {
                    var other = part
                    other[place] ^= 0x80
                    #expect(!holds(whole, other, at: before))
                }
                let longer = part + [UInt8](repeating: 0xee, count: after + 1)
                #expect(!holds(whole, longer, at: before))
            }
        }
    }
}
