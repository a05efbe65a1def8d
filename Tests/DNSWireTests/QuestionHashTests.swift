import DNSWire
import Testing

@Suite struct QuestionHashTests {
    private static func question(_ count: Int, last: UInt8) -> [UInt8] {
        [UInt8](repeating: 0x61, count: count - 1) + [last]
    }

    @Test func questionsAreEqualOnlyOctetByOctet() {
        for count in 1...40 {
            let one = Self.question(count, last: 0x61)
            let other = Self.question(count, last: 0x41)
            let longer = Self.question(count + 1, last: 0)
            let equalsItself = QuestionHash.areEqual(one.span.bytes, one.span.bytes)
            let equalsOther = QuestionHash.areEqual(one.span.bytes, other.span.bytes)
            let equalsLonger = QuestionHash.areEqual(one.span.bytes, longer.span.bytes)
            #expect([equalsItself, equalsOther, equalsLonger] == [true, false, false])
        }
    }

    @Test func everyOctetLengthAndKeyCounts() {
        let hash = QuestionHash(0x0123_4567_89ab_cdef, 0x9e37_79b9_7f4a_7c15)
        let otherKey = QuestionHash(0x0123_4567_89ab_cdee, 0x9e37_79b9_7f4a_7c15)
        var seen: Set<UInt64> = []
        for count in 1...40 {
            for last in UInt8.min...UInt8.max {
                let question = Self.question(count, last: last)
                seen.insert(hash.hash(question.span.bytes))
                seen.insert(otherKey.hash(question.span.bytes))
            }
        }
        #expect(seen.count == 40 * 256 * 2)
    }
}
