import DNSWire
import Testing

@Suite struct HeaderTests {
    private let octets: [UInt8] = [0x12, 0x34, 0x81, 0x80, 0, 1, 2, 3, 4, 5, 6, 7]

    @Test func readsAndWritesEveryField() throws {
        let found = try #require(header(octets))
        #expect(found.id == 0x1234)
        #expect(found.flags.rawValue == 0x8180)
        #expect(found.questionCount == 1)
        #expect(found.answerCount == 0x0203)
        #expect(found.authorityCount == 0x0405)
        #expect(found.additionalCount == 0x0607)
        let result = written(capacity: 12) { bytes in
            found.write(to: &bytes)
            return 12
        }
        #expect(result == octets)
    }

    @Test(arguments: 0..<12) func isTwelveOctets(count: Int) {
        #expect(header(Array(octets.prefix(count))) == nil)
    }
}
