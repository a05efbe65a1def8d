import DNSWire
import Testing

@Suite struct UpstreamQueryTests {
    private func query(
        _ question: [UInt8], flags: Flags = .recursionDesired, dnssecOK: Bool = false,
        asksKeepalive: Bool = false, paddingBlock: Int = 128
    ) -> [UInt8] {
        let query = UpstreamQuery(
            id: 0xcafe, flags: flags, dnssecOK: dnssecOK, asksKeepalive: asksKeepalive,
            paddingBlock: paddingBlock)
        // Exactly the room that is asked for: a writer that needs more would trap.
        return written(capacity: UpstreamQuery.maximumByteCount(paddingBlock: paddingBlock)) {
            query.write(question: question.span.bytes, into: &$0)
        }
    }

    @Test func isAHeaderAQuestionAndAnOption() {
        let asked = question(name("www.example"), type: 28)
        let padding = [UInt8](repeating: 0, count: 128 - 12 - asked.count - 11 - 4)
        #expect(
            query(asked) == octets(0xcafe) + octets(0x0100) + [0, 1, 0, 0, 0, 0, 0, 1] + asked
                + opt(size: 1232, options: option(12, padding)))
    }

    @Test func carriesFlagsDOAndKeepalive() throws {
        let bytes = query(
            question(name("a")), flags: [.recursionDesired, .authenticData, .checkingDisabled],
            dnssecOK: true, asksKeepalive: true)
        let read = try #require(ReadMessage(bytes))
        #expect(read.flags == 0x0130)
        #expect(read.edns?.ttl == 0x8000)
        #expect(Set(read.options.keys) == [11, 12])
        #expect(read.options[11] == [])
    }

    /// Every block size for names of every length, with and without keepalive.
    @Test(arguments: 1...512) func isPaddedToAMultipleOfTheBlock(block: Int) throws {
        for byteCount in stride(from: 1 + block % 7, through: 255, by: 7) where byteCount != 2 {
            let asked = question(name(byteCount: byteCount))
            for asksKeepalive in [false, true] {
                let bytes = query(asked, asksKeepalive: asksKeepalive, paddingBlock: block)
                let unpadded = 12 + asked.count + 11 + (asksKeepalive ? 4 : 0) + 4
                #expect(bytes.count % block == 0)
                #expect((unpadded..<(unpadded + block)).contains(bytes.count))
            }
        }
        let read = try #require(
            ReadMessage(query(question(name(byteCount: 255)), paddingBlock: block)))
        #expect(Set(read.options.keys) == [12])
        #expect(read.options[12]?.allSatisfy { $0 == 0 } == true)
    }

    @Test func isAQueryThatWouldBeAccepted() {
        guard case .accept(let accepted) = verdict(query(question(name("www.example")))) else {
            Issue.record("refused")
            return
        }
        #expect(accepted.id == 0xcafe)
        #expect(accepted.question.nameLength == 13)
    }
}
