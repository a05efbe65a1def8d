/// Makes the frames that answer a query, with what a distortion does to them.
struct Distorter {
    let query: TestMessage
    let book: AnswerBook

    private var good: [UInt8] { book.answer(to: query) }

    private var forged: [UInt8] {
        var book = book
        book.isForged = true
        return book.answer(to: query)
    }

    /// Where the question ends and, in what the book answers, the first record begins.
    private var questionEnd: Int {
        12 + (query.questions.first.map { $0.name.wire.count + 4 } ?? 0)
    }

    /// The frames to send, each with its length prefix, true or not.
    func frames(_ distortion: Distortion) -> [[UInt8]] {
        switch distortion {
        case .none: [good.framed]
        case .emptyFrameThenGood: [[0, 0], good.framed]
        case .longFrame: [good.framed(as: good.count + 100)]
        case .shortFrame: [good.framed(as: max(good.count - 5, 0))]
        case .duplicated: [good.framed, good.framed]
        case .wrongIDThenGood: [wrongID.framed, good.framed]
        case .wrongNameThenGood: [wrongName.framed, good.framed]
        case .unsolicited(let count):
            (0..<count).map { _ in Self.unsolicited.framed } + [good.framed]
        default: [message(distortion).framed]
        }
    }

    private func message(_ distortion: Distortion) -> [UInt8] {
        switch distortion {
        case .wrongID: wrongID
        case .wrongName: wrongName
        case .wrongType: changed(questionEnd - 4) { $0 ^ 0x40 }
        case .wrongClass: changed(questionEnd - 2) { $0 ^ 2 }
        case .noQuestion: noQuestion
        case .notAResponse: changed(2) { $0 & 0x7fff }
        case .opcode(let opcode): changed(2) { $0 & 0x87ff | opcode << 11 }
        case .compressionLoop: changed(questionEnd) { _ in pointer(questionEnd) }
        case .forwardPointer: changed(questionEnd) { _ in pointer(questionEnd + 12) }
        case .lyingCount: changed(6) { $0 &+ 5 }
        case .lyingDataLength: changed(questionEnd + 10) { $0 &+ 400 }
        case .trailing: good + [UInt8](repeating: 0xaa, count: 10)
        case .shorterThanHeader: Array(good.prefix(11))
        // The complement of the right id, so that chance never makes it the right one.
        case .garbage: good.prefix(2).map { ~$0 } + Self.random(62)
        case .garbageWithID: Array(good.prefix(2)) + Self.random(62)
        case .truncated: headed(0x8380)
        case .rcode(let rcode): headed(0x8180 | rcode)
        case .enlarged: enlarged
        case .negativeTTL: negativeTTL
        default: good
        }
    }

    /// A message that answers nothing anybody asked, with a forged address in it.
    static var unsolicited: [UInt8] {
        let name = TestName("unsolicited-\(UInt32.random(in: 0...UInt32.max)).example")
        var book = AnswerBook()
        book.isForged = true
        return TestMessage(PlainQuery(name).bytes).map { book.answer(to: $0) } ?? []
    }

    private var wrongID: [UInt8] { changed(0) { $0 ^ 0x5555 } }

    /// Another name of the same length: the first letter of the first label is another one.
    private var wrongName: [UInt8] {
        var bytes = forged
        if questionEnd > 17 { bytes[13] = bytes[13] | 0x20 == 0x7a ? 0x79 : 0x7a }
        return bytes
    }

    /// The answer, its owner written out, without the question.
    private var noQuestion: [UInt8] {
        guard let name = query.questions.first?.name.wire, forged.count > questionEnd + 2 else {
            return forged
        }
        var bytes = Array(forged[..<12]) + name + forged[(questionEnd + 2)...]
        bytes.setUInt16(0, at: 4)
        return bytes
    }

    private var enlarged: [UInt8] {
        var bytes = good
        let types = [RecordType.a, RecordType.aaaa, RecordType.txt]
        guard let first = TestMessage(bytes)?.answers.first, types.contains(first.type)
        else { return bytes }
        // The OPT record goes; there is no room for it.
        let end = questionEnd + 12 + first.data.count
        bytes = Array(bytes[..<end])
        var count: UInt16 = 1
        while bytes.count + 12 + first.data.count <= 65_535 {
            var data = first.data
            // Each further record holds other data, the first one stays as it was.
            if data.count >= 3 { data.setUInt16(count, at: data.count - 3) }
            var writer = WireWriter()
            writer.record(
                owner: [0xc0, 12], type: first.type, class: first.class, ttl: first.ttl, data: data)
            bytes += writer.bytes
            count += 1
        }
        bytes.setUInt16(count, at: 6)
        bytes.setUInt16(0, at: 8)
        bytes.setUInt16(0, at: 10)
        return bytes
    }

    private var negativeTTL: [UInt8] {
        var book = book
        book.ttl = .max
        book.negativeTTL = .max
        return book.answer(to: query)
    }

    private func headed(_ flags: UInt16) -> [UInt8] {
        var bytes = Array(good.prefix(questionEnd))
        bytes.setUInt16(flags | query.flags & 0x0010, at: 2)
        for offset in [6, 8, 10] { bytes.setUInt16(0, at: offset) }
        return bytes
    }

    private func pointer(_ offset: Int) -> UInt16 { 0xc000 | UInt16(truncatingIfNeeded: offset) }

    /// The forged answer with 16 bits of it changed.
    private func changed(_ offset: Int, _ change: (UInt16) -> UInt16) -> [UInt8] {
        var bytes = forged
        guard offset >= 0, offset + 2 <= bytes.count else { return bytes }
        bytes.setUInt16(change(UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])), at: offset)
        return bytes
    }

    private static func random(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in .random(in: 0...255) }
    }
}

extension [UInt8] {
    /// The bytes after a length prefix that says what the caller wants it to say.
    func framed(as length: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: length >> 8), UInt8(truncatingIfNeeded: length)] + self
    }
}
