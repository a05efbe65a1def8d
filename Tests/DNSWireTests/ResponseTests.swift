import DNSWire
import Testing

/// One row of the table: what an upstream sends and what is wrong with it.
struct DefectCase: CustomTestStringConvertible, Sendable {
    let what: String
    let defect: ResponseDefect
    let bytes: [UInt8]

    init(_ what: String, _ defect: ResponseDefect, _ bytes: [UInt8]) {
        self.what = what
        self.defect = defect
        self.bytes = bytes
    }

    init(_ what: String, _ defect: ResponseDefect, _ message: MessageBytes) {
        self.init(what, defect, message.bytes)
    }

    var testDescription: String { what }
}

@Suite struct ResponseTests {
    private static let www = name("www.example")

    private static func answering(_ question: [UInt8], _ answers: [UInt8]...) -> MessageBytes {
        MessageBytes(flags: 0x8180, questions: [question], answers: answers)
    }

    static let mismatches = [
        DefectCase("nothing", .tooShort, []),
        DefectCase("11 octets", .tooShort, Array(MessageBytes.answer().bytes.prefix(11))),
        DefectCase("QR=0", .notAResponse, MessageBytes(flags: 0x0180, answers: [record()])),
        DefectCase("opcode 4", .wrongOpcode, MessageBytes(flags: 0xa180, answers: [record()])),
        DefectCase("opcode 15", .wrongOpcode, MessageBytes(flags: 0xf980)),
        DefectCase("no question", .wrongQuestion, MessageBytes(flags: 0x8180, questions: [])),
        DefectCase(
            "no question, FORMERR", .wrongQuestion, MessageBytes(flags: 0x8181, questions: [])),
        DefectCase(
            "uncounted question", .wrongQuestion, MessageBytes(flags: 0x8180, counts: [0: 0])),
        DefectCase(
            "the question twice", .wrongQuestion,
            MessageBytes(flags: 0x8180, questions: [question(www), question(www)])),
        DefectCase(
            "another name", .wrongQuestion, answering(question(name("wwx.example")), record())),
        DefectCase("a longer name", .wrongQuestion, answering(question(name("www.example.a")))),
        DefectCase("a shorter name", .wrongQuestion, answering(question(name("www")))),
        DefectCase("the labels moved", .wrongQuestion, answering(question(name("wwwe.xample")))),
        DefectCase("another type", .wrongQuestion, answering(question(www, type: 28), record())),
        DefectCase("another class", .wrongQuestion, answering(question(www, class: 3), record())),
        DefectCase("a compressed question", .wrongQuestion, answering(question(pointer(12)))),
        DefectCase("TC=1", .truncated, MessageBytes(flags: 0x8380)),
        DefectCase(
            "TC=1 and half a record", .truncated,
            MessageBytes(flags: 0x8380, answers: [record(length: 5)])),
    ]

    static let malformed = [
        DefectCase(
            "owner that points at itself", .malformed(.badPointer),
            MessageBytes.answer(record(pointer(29)))),
        DefectCase(
            "owner that points forward", .malformed(.badPointer),
            MessageBytes.answer(record(pointer(31)))),
        DefectCase(
            "owner that points into the header", .malformed(.badPointer),
            MessageBytes.answer(record(pointer(2)))),
        DefectCase(
            "two owners that point at each other", .malformed(.badPointer),
            MessageBytes.answer(record(pointer(45)), record(pointer(29)))),
        DefectCase(
            "label type 01", .malformed(.badLabel), MessageBytes.answer(record([0x41, 1, 0]))),
        DefectCase(
            "owner of 256 octets", .malformed(.nameTooLong),
            MessageBytes.answer(record(name(byteCount: 256)))),
        DefectCase(
            "owner of 256 octets by a pointer", .malformed(.nameTooLong),
            MessageBytes.answer(record(name(byteCount: 244).dropLast() + pointer(12)))),
        DefectCase(
            "ANCOUNT too high", .malformed(.truncated),
            MessageBytes(flags: 0x8180, answers: [record()], counts: [1: 2])),
        DefectCase(
            "every count 65,535", .malformed(.truncated),
            MessageBytes(
                flags: 0x8180, answers: [record()], counts: [1: 65_535, 2: 65_535, 3: 65_535])),
        DefectCase(
            "ARCOUNT too high", .malformed(.truncated),
            MessageBytes(flags: 0x8180, answers: [record()], counts: [3: 1])),
        DefectCase(
            "RDLENGTH too long", .malformed(.truncated),
            MessageBytes.answer(record(type: 16, length: 5))),
        DefectCase(
            "RDLENGTH 65,535", .malformed(.truncated),
            MessageBytes.answer(record(type: 16, length: 65_535))),
        DefectCase(
            "RDLENGTH too short", .malformed(.badRecordData),
            MessageBytes.answer(record(length: 3))),
        DefectCase(
            "OPT in answer", .malformed(.badOption), MessageBytes.answer(opt())),
        DefectCase(
            "OPT in authority", .malformed(.badOption),
            MessageBytes.answer(record(), authorities: [opt()])),
        DefectCase(
            "two OPT", .malformed(.badOption), MessageBytes.answer(additionals: [opt(), opt()])),
        DefectCase(
            "two OPT with a record between", .malformed(.badOption),
            MessageBytes.answer(additionals: [opt(), record(), opt()])),
        DefectCase(
            "OPT not of the root", .malformed(.badOption),
            MessageBytes.answer(additionals: [opt(owner: pointer(12))])),
        DefectCase(
            "OPT whose option overruns", .malformed(.badOption),
            MessageBytes.answer(additionals: [opt(options: option(12, length: 9))])),
        DefectCase(
            "OPT whose option reaches into the next record", .malformed(.badOption),
            MessageBytes.answer(
                additionals: [opt(options: option(12, length: 9)), record()])),
        DefectCase(
            "a bad record after OPT", .malformed(.badPointer),
            MessageBytes.answer(additionals: [opt(), record(pointer(99))])),
    ]

    @Test(arguments: mismatches + malformed) func refuses(row: DefectCase) {
        #expect(response(row.bytes) == .failure(row.defect))
    }

    @Test func noPrefixOfAnAnswerIsOne() {
        let whole = MessageBytes.answer(
            record(type: 5, data: labels("cdn") + pointer(12)), record(pointer(41)),
            authorities: [record(type: 2, data: pointer(16))],
            additionals: [record(type: 28, data: [UInt8](repeating: 1, count: 16)), opt()]
        ).bytes
        #expect((try? response(whole).get()) != nil)
        for count in 0..<whole.count {
            #expect((try? response(Array(whole.prefix(count))).get()) == nil, "\(count) octets")
        }
    }

    @Test func countsWhatIsPassedOn() throws {
        let message = MessageBytes.answer(
            record(), record(), authorities: [record(type: 2, data: pointer(16))],
            additionals: [record(), record(), record(), opt(size: 4096)])
        let found = try response(message.bytes).get()
        #expect(found.answerCount == 2 && found.authorityCount == 1 && found.additionalCount == 3)
        #expect(found.end == message.bytes.count - 11)
        #expect(found.code == .noError)
        #expect(found.flags.rawValue == 0x8180)
        #expect(found.question == Question(nameLength: 13, type: .a, recordClass: .internet))
        #expect(found.edns?.payloadSize == 4096)
    }

    @Test func takesAnEmptyAnswer() throws {
        let found = try response(MessageBytes(flags: 0x8183).bytes).get()
        #expect(found.code == .nameError && found.edns == nil)
        #expect(found.end == MessageBytes().bytes.count)
    }

    @Test func leavesOutOctetsBehind() throws {
        let message = MessageBytes.answer(record())
        var longer = message
        longer.tail = [UInt8](repeating: 0xc0, count: 40)
        #expect(try response(longer.bytes).get() == response(message.bytes).get())
    }

    @Test func leavesOutWhatFollowsOPT() throws {
        let message = MessageBytes.answer(record(), additionals: [record(), opt(), record()])
        let found = try response(message.bytes).get()
        #expect(found.additionalCount == 1)
        #expect(found.end == MessageBytes.answer(record(), additionals: [record()]).bytes.count)
        #expect(found.edns != nil)
    }

    @Test func takesTheNameInAnySpelling() throws {
        let message = MessageBytes(
            flags: 0x8180, questions: [question(name("wWw.EXAMPLE"))], answers: [record()])
        #expect(try response(message.bytes).get().answerCount == 1)
        // Only letters have a case: 0x40 and 0x60 differ in the same bit.
        let at = MessageBytes(flags: 0x8180, questions: [question(name("a@"))])
        #expect(response(at.bytes, to: question(name("a`"))) == .failure(.wrongQuestion))
    }

    @Test func joinsTheBitsOfTheCode() throws {
        let message = MessageBytes(flags: 0x8187, additionals: [opt(upperCode: 1)])
        #expect(try response(message.bytes).get().code.rawValue == 23)
    }

    @Test func readsTheUpstreamsOptions() throws {
        let options = option(11, [0, 200]) + option(12, [0, 0, 0]) + option(15, [0, 18])
        let message = MessageBytes.answer(additionals: [opt(options: options)])
        let edns = try #require(try response(message.bytes).get().edns)
        #expect(edns.hasKeepalive && edns.keepalive == 200)
        #expect(edns.extendedErrorLength == 6)
    }

    @Test func takesTheLongestMessage() throws {
        var message = MessageBytes.answer()
        let room = 65_535 - message.bytes.count - record(data: []).count
        message.answers = [record(type: 16, data: [UInt8](repeating: 0, count: room))]
        #expect(message.bytes.count == 65_535)
        #expect(try response(message.bytes).get().end == 65_535)
    }

    @Test func takesAQuestionForTheRoot() throws {
        let root = question([0], type: 2)
        let message = MessageBytes(
            flags: 0x8180, questions: [root],
            answers: [record([0], type: 2, data: name("a.root"))], additionals: [opt()])
        #expect(try response(message.bytes, to: root).get().answerCount == 1)
    }

    @Test func passesOnRecordsOfOtherNames() throws {
        let message = MessageBytes.answer(record(name("elsewhere.example")), record([0], type: 16))
        #expect(try response(message.bytes).get().answerCount == 2)
    }
}
