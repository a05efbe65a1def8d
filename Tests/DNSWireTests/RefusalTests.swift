import DNSWire
import Testing

@Suite struct RefusalTests {
    /// The answer to a query that is refused, or nothing.
    private func answer(to query: MessageBytes, capacity: Int = 512) -> [UInt8] {
        let bytes = query.bytes
        guard case .refuse(let refusal) = verdict(bytes) else { return [] }
        return written(capacity: capacity) {
            refusal.write(answering: bytes.span.bytes, payloadSize: 1232, into: &$0)
        }
    }

    /// NOTIMP copies id, OPCODE and RD, whatever the other bits are.
    @Test(arguments: UInt16(1)...15) func answersAnotherOpcode(opcode: UInt16) {
        let zeros = [UInt8](repeating: 0, count: 8)
        for other in UInt16(0)...0x7ff {
            let query = MessageBytes(id: 0xabcd, flags: opcode << 11 | other)
            let flags = 0x8000 | opcode << 11 | other & 0x0100 | 4
            #expect(answer(to: query) == octets(0xabcd) + octets(flags) + zeros)
        }
    }

    @Test func answersWhatIsNoMessageWithAHeader() {
        let zeros = [UInt8](repeating: 0, count: 8)
        for other in UInt16(0)...0x7ff {
            let query = MessageBytes(id: 0xabcd, flags: other, tail: [1])
            #expect(answer(to: query) == octets(0xabcd) + octets(0x8001 | other & 0x0100) + zeros)
        }
    }

    @Test func echoesTheQuestionOfATransfer() {
        let asked = question(name("Zone.Example"), type: 252)
        let query = MessageBytes(id: 7, flags: 0x0730, questions: [asked])
        #expect(
            answer(to: query) == octets(7) + octets(0x8185) + [0, 1, 0, 0, 0, 0, 0, 0] + asked)
    }

    @Test func saysWhyToClientsWithEDNS() {
        let asked = question(name("zone.example"), type: 252)
        let query = MessageBytes(
            id: 7, questions: [asked],
            additionals: [opt(size: 4096, flags: 0xffff, options: option(10, [1, 2]))])
        #expect(
            answer(to: query) == octets(7) + octets(0x8185) + [0, 1, 0, 0, 0, 0, 0, 1] + asked
                + opt(size: 1232, flags: 0x8000, options: option(15, [0, 21])))
    }

    @Test func saysThatWithoutRDNothingIsTold() throws {
        let query = MessageBytes(flags: 0, additionals: [opt()])
        let read = try #require(ReadMessage(answer(to: query)))
        #expect(read.flags == 0x8085)
        #expect(read.options == [15: [0, 20]])
    }

    @Test(arguments: [UInt8(1), 2, 255]) func answersBadVersions(version: UInt8) {
        let query = MessageBytes(additionals: [opt(version: version, flags: 0x8000)])
        #expect(
            answer(to: query) == octets(0x1234) + octets(0x8180) + [0, 1, 0, 0, 0, 0, 0, 1]
                + question(name("www.example")) + opt(size: 1232, upperCode: 1, flags: 0x8000))
    }

    @Test func fitsTheSmallestBuffer() throws {
        let query = MessageBytes(
            questions: [question(name(byteCount: 255), type: 252)], additionals: [opt()])
        let read = try #require(ReadMessage(answer(to: query, capacity: Reply.minimumCapacity)))
        #expect(read.code == 5)
        #expect(read.options == [15: [0, 21]])
    }
}
