import DNSWire
import Testing

@Suite struct QuestionTests {
    private let header = [UInt8](repeating: 0, count: 12)

    private func read(_ bytes: [UInt8]) -> Result<Question, WireError> {
        let message = header + bytes
        return Result { () throws(WireError) in try Question(message.span.bytes) }
    }

    @Test(arguments: [1, 3, 13, 64, 128, 255]) func readsNameTypeAndClass(byteCount: Int) throws {
        let bytes = question(name(byteCount: byteCount), type: 28, class: 3)
        let found = try read(bytes + [9, 9]).get()
        #expect(found.nameLength == byteCount)
        #expect(found.type == .aaaa)
        #expect(found.recordClass.rawValue == 3)
        #expect(found.byteCount == byteCount + 4)
        #expect(found.end == 12 + byteCount + 4)
        #expect(found.byteCount <= Question.maximumByteCount)
    }

    @Test func isRefusedWhenCutAnywhere() {
        let bytes = question(name("www.example"))
        for count in 0..<bytes.count {
            #expect(read(Array(bytes.prefix(count))) == .failure(.truncated), "\(count) octets")
        }
    }

    @Test func isNeverCompressed() {
        #expect(read(question(pointer(12))) == .failure(.badPointer))
        #expect(read(question(labels("a") + pointer(12))) == .failure(.badPointer))
    }
}
