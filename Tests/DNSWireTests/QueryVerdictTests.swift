import DNSWire
import Testing

/// One row of the table: octets and what they deserve.
struct Judged: CustomTestStringConvertible, Sendable {
    enum Expected: Equatable {
        case accepted
        case dropped
        /// Refused with the question echoed, if it is said what EXTRA-INFO goes with it.
        case refused(ResponseCode, question: Bool, reason: ExtendedErrorCode?)

        static let formatError = Self.refused(.formatError, question: false, reason: nil)
        static let notImplemented = Self.refused(.notImplemented, question: false, reason: nil)
        static let badVersion = Self.refused(.badVersion, question: true, reason: nil)
        static let badType = Self.refused(.formatError, question: true, reason: nil)
        static let notSupported = Self.refused(.refused, question: true, reason: .notSupported)
    }

    let what: String
    let bytes: [UInt8]
    let expected: Expected

    init(_ what: String, _ expected: Expected, _ bytes: [UInt8]) {
        self.what = what
        self.bytes = bytes
        self.expected = expected
    }

    init(_ what: String, _ expected: Expected, _ message: MessageBytes) {
        self.init(what, expected, message.bytes)
    }

    var testDescription: String { what }
}

@Suite struct QueryVerdictTests {
    private static let www = name("www.example")

    /// A query whose question section is `bytes`.
    private static func asking(_ bytes: [UInt8]) -> MessageBytes {
        MessageBytes(questions: [bytes])
    }

    private static func asking(type: UInt16, class: UInt16 = 1) -> MessageBytes {
        asking(question(www, type: type, class: `class`))
    }

    private static func with(_ additionals: [UInt8]...) -> MessageBytes {
        MessageBytes(additionals: additionals)
    }

    static let noQueries = [
        Judged("empty datagram", .dropped, []),
        Judged("1 octet", .dropped, [0]),
        Judged("11 octets", .dropped, [UInt8](repeating: 0, count: 11)),
        Judged("QR=1", .dropped, MessageBytes(flags: 0x8100)),
        Judged("QR=1 with another opcode", .dropped, MessageBytes(flags: 0xa100)),
        Judged("QR=1, header alone", .dropped, MessageBytes(flags: 0x8000, questions: [])),
        Judged("an answer", .dropped, MessageBytes.answer(record())),
        Judged("4096 octets of 0xff", .dropped, [UInt8](repeating: 0xff, count: 4096)),
    ]

    static let opcodes =
        (UInt16(1)...15).map { opcode in
            Judged("opcode \(opcode)", .notImplemented, MessageBytes(flags: opcode << 11 | 0x0100))
        } + [
            Judged(
                "opcode 6 without a question", .notImplemented,
                MessageBytes(flags: 6 << 11, questions: [])),
            Judged(
                "opcode 5 with all kinds of records", .notImplemented,
                MessageBytes(
                    flags: 5 << 11, answers: [record()], authorities: [record(length: 999)],
                    tail: [1, 2, 3])),
        ]

    static let questions = [
        Judged("header alone", .formatError, MessageBytes(questions: [])),
        Judged(
            "QDCOUNT 0 and OPT", .formatError, MessageBytes(questions: [], additionals: [opt()])),
        Judged(
            "QDCOUNT 1 and no question", .formatError, MessageBytes(questions: [], counts: [0: 1])),
        Judged("QDCOUNT 0 and a question", .formatError, MessageBytes(counts: [0: 0])),
        Judged("QDCOUNT 2", .formatError, MessageBytes(questions: [question(www), question(www)])),
        Judged("QDCOUNT 65,535", .formatError, MessageBytes(counts: [0: 65_535])),
        Judged("label type 01", .formatError, asking(question([0x41, 1, 0]))),
        Judged("label type 10", .formatError, asking(question([0x81, 1, 0]))),
        Judged("label type 01 inside", .formatError, asking(question([1, 97, 0x7f, 0]))),
        Judged("pointer to itself", .formatError, asking(question(pointer(12)))),
        Judged("pointer forward", .formatError, asking(question(pointer(18)))),
        Judged("pointer into the header", .formatError, asking(question(pointer(0)))),
        Judged("pointer after a label", .formatError, asking(question([1, 97] + pointer(12)))),
        Judged("name of 255 octets", .accepted, asking(question(name(byteCount: 255)))),
        Judged("name of 256 octets", .formatError, asking(question(name(byteCount: 256)))),
        Judged("label of 63 octets", .accepted, asking(question(name(byteCount: 65)))),
        Judged("name cut short", .formatError, asking(labels("www.example"))),
        Judged("no QTYPE", .formatError, asking(www)),
        Judged("half a QTYPE", .formatError, asking(www + [0])),
        Judged("no QCLASS", .formatError, asking(www + [0, 1])),
        Judged("half a QCLASS", .formatError, asking(www + [0, 1, 0])),
        Judged("the root", .accepted, asking(question([0]))),
        Judged("NUL in a label", .accepted, asking(question([3, 97, 0, 98, 0]))),
        Judged("dot in a label", .accepted, asking(question([3, 97, 46, 98, 0]))),
        Judged("8-bit octets in a label", .accepted, asking(question([3, 0xff, 0x80, 0xc0, 0]))),
        Judged("mixed case", .accepted, asking(question(name("wWw.EXample")))),
    ]

    static let sections = [
        Judged(
            "10 octets behind", .formatError, MessageBytes(tail: [UInt8](repeating: 0, count: 10))),
        Judged("1 octet behind", .formatError, MessageBytes(tail: [0])),
        Judged("1 octet behind OPT", .formatError, MessageBytes(additionals: [opt()], tail: [0])),
        Judged("an uncounted record", .formatError, MessageBytes(tail: record())),
        Judged("an uncounted OPT", .formatError, MessageBytes(tail: opt())),
        Judged("an answer in a query", .formatError, MessageBytes(answers: [record()])),
        Judged("an authority in a query", .formatError, MessageBytes(authorities: [record()])),
        Judged("ANCOUNT 1 and nothing", .formatError, MessageBytes(counts: [1: 1])),
        Judged("NSCOUNT 1 and nothing", .formatError, MessageBytes(counts: [2: 1])),
        Judged("ARCOUNT 1 and nothing", .formatError, MessageBytes(counts: [3: 1])),
        Judged(
            "ARCOUNT 65,535", .formatError, MessageBytes(additionals: [opt()], counts: [3: 65_535])),
        Judged("an address in additional", .formatError, with(record())),
        Judged("TSIG in additional", .formatError, with(record([0], type: 250, class: 255))),
        Judged("SIG(0) in additional", .formatError, with(record([0], type: 24, class: 255))),
        Judged("TSIG after OPT", .formatError, with(opt(), record([0], type: 250, class: 255))),
        Judged(
            "65,507 octets of zero behind", .formatError,
            MessageBytes(tail: [UInt8](repeating: 0, count: 65_478))),
    ]

    static let options = [
        Judged("OPT", .accepted, with(opt())),
        Judged("two OPT", .formatError, with(opt(), opt())),
        Judged("OPT in answer", .formatError, MessageBytes(answers: [opt()])),
        Judged("OPT in authority", .formatError, MessageBytes(authorities: [opt()])),
        Judged("OPT not of the root", .formatError, with(opt(owner: name("a")))),
        Judged("OPT of a pointer to the root", .formatError, with(opt(owner: pointer(24)))),
        Judged("RDLENGTH past the end", .formatError, with(opt(length: 1))),
        Judged("RDLENGTH 65,535", .formatError, with(opt(length: 65_535))),
        Judged(
            "RDLENGTH short of an option", .formatError, with(opt(options: option(12), length: 2))),
        Judged(
            "RDLENGTH before an option", .formatError, with(opt(options: option(12), length: 0))),
        Judged("OPT cut short", .formatError, with(Array(opt().dropLast()))),
        Judged("option overrun", .formatError, with(opt(options: option(10, length: 8)))),
        Judged("3 octets of options", .formatError, with(opt(options: [0, 10, 0]))),
        Judged("version 1", .badVersion, with(opt(version: 1))),
        Judged("version 255", .badVersion, with(opt(version: 255))),
        Judged(
            "version 1, RD=0", .badVersion, MessageBytes(flags: 0, additionals: [opt(version: 1)])),
        Judged(
            "version 1, AXFR", .badVersion,
            MessageBytes(questions: [question(www, type: 252)], additionals: [opt(version: 1)])),
        Judged("size 0", .accepted, with(opt(size: 0))),
        Judged("size 65,535", .accepted, with(opt(size: 65_535))),
        Judged("flags 0x7fff", .accepted, with(opt(flags: 0x7fff))),
        Judged(
            "200 options", .accepted,
            with(opt(options: (0..<200).flatMap { option($0 + 65_001, [1]) }))),
        Judged(
            "ECS of a bad family", .accepted, with(opt(options: option(8, [0, 9, 24, 0, 1, 2, 3])))),
        Judged(
            "cookie of 7 octets", .accepted,
            with(opt(options: option(10, [UInt8](repeating: 1, count: 7))))),
        Judged("upper RCODE bits", .accepted, with(opt(upperCode: 255))),
    ]

    static let policy = [
        Judged("QTYPE 0", .accepted, asking(type: 0)),
        Judged("QTYPE OPT", .badType, asking(type: 41)),
        Judged("QTYPE TKEY", .badType, asking(type: 249)),
        Judged("QTYPE TSIG", .badType, asking(type: 250)),
        Judged("QTYPE IXFR", .notSupported, asking(type: 251)),
        Judged("QTYPE AXFR", .notSupported, asking(type: 252)),
        Judged("QTYPE MAILB", .badType, asking(type: 253)),
        Judged("QTYPE MAILA", .badType, asking(type: 254)),
        Judged("QTYPE ANY", .accepted, asking(type: 255)),
        Judged("QTYPE 65,535", .accepted, asking(type: 65_535)),
        Judged("QTYPE HTTPS", .accepted, asking(type: 65)),
        Judged("QCLASS 0", .notSupported, asking(type: 1, class: 0)),
        Judged("QCLASS CH", .accepted, asking(type: 16, class: 3)),
        Judged("QCLASS NONE", .notSupported, asking(type: 1, class: 254)),
        Judged("QCLASS ANY", .notSupported, asking(type: 1, class: 255)),
        Judged("QCLASS 65,535", .accepted, asking(type: 1, class: 65_535)),
        Judged(
            "RD=0", .refused(.refused, question: true, reason: .notAuthoritative),
            MessageBytes(flags: 0)),
    ]

    /// Bits that have no meaning in a query (RFC 1035 section 4.1.1, RFC 5625 section 4.1).
    static let bits = [
        Judged("TC=1", .accepted, MessageBytes(flags: 0x0300)),
        Judged("AA=1", .accepted, MessageBytes(flags: 0x0500)),
        Judged("RA=1", .accepted, MessageBytes(flags: 0x0180)),
        Judged("Z=1", .accepted, MessageBytes(flags: 0x0140)),
        Judged("AD=1", .accepted, MessageBytes(flags: 0x0120)),
        Judged("CD=1", .accepted, MessageBytes(flags: 0x0110)),
        Judged("RCODE=5", .accepted, MessageBytes(flags: 0x0105)),
        Judged("every bit", .accepted, MessageBytes(flags: 0x07ff)),
    ]

    @Test(arguments: noQueries + opcodes + questions + sections + options + policy + bits)
    func deserves(row: Judged) {
        switch verdict(row.bytes) {
        case .drop:
            #expect(row.expected == .dropped)
        case .accept:
            #expect(row.expected == .accepted)
        case .refuse(let refusal):
            let found = Judged.Expected.refused(
                refusal.code, question: refusal.question != nil, reason: refusal.extendedError)
            #expect(row.expected == found)
        }
    }

    /// Whatever is cut off a query, the rest is no query, and never traps.
    @Test func noPrefixOfAQueryIsOne() {
        let whole = MessageBytes(additionals: [opt(options: option(10, [1, 2, 3]))]).bytes
        for count in 0..<whole.count {
            let found = verdict(Array(whole.prefix(count)))
            if count < 12 {
                #expect(found == .drop, "\(count) octets")
            } else if case .refuse(let refusal) = found {
                #expect(refusal.code == .formatError && refusal.question == nil, "\(count) octets")
            } else {
                Issue.record("\(count) octets: \(found)")
            }
        }
    }

    @Test func keepsWhatTheClientSent() throws {
        let message = MessageBytes(
            id: 0xbeef, flags: 0x07ff, questions: [question(name("a.B"), type: 28, class: 3)],
            additionals: [opt(size: 900, flags: 0x8000, options: option(11))])
        guard case .accept(let query) = verdict(message.bytes) else {
            Issue.record("refused")
            return
        }
        #expect(query.id == 0xbeef)
        #expect(query.flags.rawValue == 0x07ff)
        #expect(query.forwardedFlags == [.recursionDesired, .authenticData, .checkingDisabled])
        #expect(query.question.nameLength == 5)
        #expect(query.question.type == .aaaa)
        #expect(query.question.recordClass.rawValue == 3)
        let edns = try #require(query.edns)
        #expect(edns.payloadSize == 900 && edns.dnssecOK && edns.hasKeepalive)
    }
}
