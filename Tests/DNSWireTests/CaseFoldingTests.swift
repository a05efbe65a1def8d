import DNSWire
import TestSupport
import Testing

@Suite struct CaseFoldingTests {
    /// Octets of which many are letters or next to letters.
    private func random(_ count: Int, _ generator: inout SplitMix64) -> [UInt8] {
        let edges: [UInt8] = [
            0x40, 0x41, 0x5a, 0x5b, 0x60, 0x61, 0x7a, 0x7b, 0xc1, 0xda, 0, 63, 255,
        ]
        return (0..<count).map { _ in
            Bool.random(using: &generator)
                ? edges.randomElement(using: &generator) ?? 0
                : UInt8.random(in: 0...255, using: &generator)
        }
    }

    private func isUpper(_ octet: UInt8) -> Bool {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet)
    }

    private func lower(_ octets: [UInt8]) -> [UInt8] {
        octets.map { isUpper($0) ? $0 + 32 : $0 }
    }

    /// `target` with `mask` applied to `length` octets from `offset`.
    private func unfolded(
        _ target: [UInt8], from offset: Int, length: Int, _ mask: SpellingMask
    ) -> [UInt8] {
        var copy = target
        var span = copy.mutableSpan
        var bytes = span.mutableBytes
        CaseFolding.unfold(&bytes, from: offset, length: length, mask: mask)
        return copy
    }

    private func equal(
        _ one: [UInt8], at oneOffset: Int = 0, _ other: [UInt8], at otherOffset: Int = 0,
        length: Int
    ) -> Bool {
        CaseFolding.equal(
            one.span.bytes, at: oneOffset, other.span.bytes, at: otherOffset, length: length)
    }

    @Test func everyOctetFoldsAsRFC4343Says() {
        let all = (0...255).map { UInt8($0) }
        let (result, _) = folded(all, length: 256)
        #expect(result == lower(all))
    }

    /// Every length at every place before the end of the buffer, against one octet at a time.
    @Test(arguments: 0...255) func foldsAndRestores(length: Int) {
        var generator = SplitMix64(seed: UInt64(4343 + length))
        for after in [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] {
            let before = Int.random(in: 0...9, using: &generator)
            let source = random(before + length + after, &generator)
            let name = Array(source[before..<(before + length)])
            let (result, mask) = folded(source, from: before, length: length)
            #expect(result == lower(name))
            #expect(mask.isEmpty == !name.contains(where: isUpper))
            let surrounded = [1, 2, 3] + result + [0x61, 0x62]
            #expect(
                unfolded(surrounded, from: 3, length: length, mask) == [1, 2, 3] + name + [
                    0x61, 0x62,
                ])
            #expect(equal(source, at: before, result, length: length))
        }
    }

    @Test func eachUpperCaseLetterHasItsBit() {
        for position in 0..<255 {
            var name = [UInt8](repeating: UInt8(ascii: "a"), count: 255)
            name[position] = UInt8(ascii: "Q")
            let (result, mask) = folded(name, length: 255)
            #expect(result[position] == UInt8(ascii: "q"))
            #expect(unfolded(result, from: 0, length: 255, mask) == name, "position \(position)")
        }
    }

    @Test func masksOfNamesDifferBySpellingAlone() {
        let (_, plain) = folded(text("www.example"), length: 11)
        let (_, other) = folded(text("123.4567890"), length: 11)
        let (_, upper) = folded(text("WwW.example"), length: 11)
        let (_, same) = folded(text("QqQ.another"), length: 11)
        #expect(plain == other && plain == SpellingMask())
        #expect(upper == same && upper != plain)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 255]) func oneOctetMakesADifference(
        length: Int
    ) {
        var generator = SplitMix64(seed: UInt64(length))
        let one = random(length, &generator)
        for padding in [0, 8] {
            let tail = [UInt8](repeating: 1, count: padding)
            let otherTail = [UInt8](repeating: 2, count: padding)
            #expect(equal(one + tail, lower(one) + otherTail, length: length))
            for position in 0..<length {
                for bit in 0..<8 {
                    var other = one
                    other[position] ^= 1 << UInt8(bit)
                    #expect(
                        equal(one + tail, other + otherTail, length: length)
                            == (lower(one) == lower(other)))
                }
            }
        }
    }

    @Test func nothingIsReadPastTheEnd() {
        let short = text("www.exampl")
        #expect(!equal(short, text("www.example"), length: 11))
        #expect(!equal(text("www.example"), short, length: 11))
        #expect(!equal(short, at: 9, text("www"), length: 2))
        #expect(equal(short, at: 9, text("l"), length: 1))
        #expect(equal(short, at: 10, [], length: 0))
    }

    @Test(arguments: 0...20) func unfoldsNothingPastTheName(length: Int) {
        let (_, mask) = folded([UInt8](repeating: 0x41, count: 40), length: 40)
        let name = [UInt8](repeating: 0x61, count: 20)
        #expect(
            unfolded(name, from: 0, length: length, mask)
                == [UInt8](repeating: 0x41, count: length)
                + [UInt8](repeating: 0x61, count: 20 - length))
        #expect(
            unfolded(Array(name[..<length]), from: 0, length: length, mask)
                == [UInt8](repeating: 0x41, count: length))
    }
}
