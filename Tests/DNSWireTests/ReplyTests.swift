import DNSWire
import Testing

@Suite struct ReplyTests {
    private let asked = question(name("www.example"))

    /// A client that sent a plain query by UDP, unless a test says otherwise.
    private func client(
        flags: Flags = .recursionDesired, hasEDNS: Bool = false, dnssecOK: Bool = false,
        sizeLimit: Int = 512, keepalive: UInt16? = nil
    ) -> Reply {
        Reply(
            id: 0xc11e, flags: flags, hasEDNS: hasEDNS, dnssecOK: dnssecOK, sizeLimit: sizeLimit,
            payloadSize: 1232, keepalive: keepalive)
    }

    /// The copy of an upstream's answer that the client gets.
    private func copy(
        of message: MessageBytes, for client: Reply, capacity: Int = 65_535
    ) throws -> [UInt8] {
        let bytes = message.bytes
        let response = try response(bytes, to: asked).get()
        return written(capacity: capacity) {
            client.write(response, of: bytes.span.bytes, question: asked.span.bytes, into: &$0)
        }
    }

    /// An answer that is `byteCount` octets long without OPT.
    private func answer(byteCount: Int, additionals: [[UInt8]] = []) -> MessageBytes {
        var message = MessageBytes.answer(record(type: 16, data: []))
        let data = [UInt8](repeating: 0, count: byteCount - message.bytes.count)
        message.answers = [record(type: 16, data: data)]
        message.additionals = additionals
        return message
    }

    @Test func copiesTheAnswer() throws {
        let message = MessageBytes.answer(
            record(), record(), authorities: [record(type: 2, data: pointer(16))],
            additionals: [record()])
        var expected = message
        expected.id = 0xc11e
        #expect(try copy(of: message, for: client()) == expected.bytes)
    }

    @Test func replacesTheUpstreamsOption() throws {
        let options =
            option(12, [0, 0, 0]) + option(10, [1, 2]) + option(11, [0, 9]) + option(3, [7])
        let message = MessageBytes.answer(
            record(), additionals: [record(), opt(size: 4096, flags: 0xffff, options: options)])
        var expected = message
        expected.id = 0xc11e
        expected.additionals = [record()]
        #expect(try copy(of: message, for: client()) == expected.bytes)
        expected.additionals = [record(), opt(size: 1232)]
        #expect(try copy(of: message, for: client(hasEDNS: true)) == expected.bytes)
        expected.additionals = [record(), opt(size: 1232, flags: 0x8000)]
        #expect(try copy(of: message, for: client(hasEDNS: true, dnssecOK: true)) == expected.bytes)
    }

    @Test func bringsAnOptionWhereTheUpstreamHadNone() throws {
        let read = try #require(
            ReadMessage(try copy(of: .answer(record()), for: client(hasEDNS: true))))
        #expect(read.edns != nil && read.options.isEmpty)
    }

    @Test func leavesOutOctetsAndRecordsBehindOPT() throws {
        var message = MessageBytes.answer(record(), additionals: [opt(), record()])
        message.tail = [1, 2, 3]
        let read = try #require(ReadMessage(try copy(of: message, for: client(hasEDNS: true))))
        #expect(read.recordCounts == [1, 0, 0])
        #expect(read.edns != nil)
    }

    static let limits = [512, 1232, 4096, 65_535]

    @Test(arguments: limits, [false, true]) func fillsTheLimitToTheLastOctet(
        limit: Int, hasEDNS: Bool
    ) throws {
        let longest = limit - (hasEDNS ? 11 : 0)
        let client = client(hasEDNS: hasEDNS, dnssecOK: hasEDNS, sizeLimit: limit)
        let whole = try #require(ReadMessage(try copy(of: answer(byteCount: longest), for: client)))
        #expect(!whole.isTruncated && whole.recordCounts == [1, 0, 0])
        #expect((whole.edns != nil) == hasEDNS)
        guard limit < 65_535 else { return }
        let cut = try copy(of: answer(byteCount: longest + 1), for: client)
        #expect(
            cut == octets(0xc11e) + octets(0x8380) + [0, 1, 0, 0, 0, 0, 0, hasEDNS ? 1 : 0] + asked
                + (hasEDNS ? opt(size: 1232, flags: 0x8000) : []))
    }

    /// Over TCP nobody can ask again, so the answer goes without OPT rather than not at all.
    @Test(arguments: 65_525...65_535) func theLongestAnswersGoWithoutOPT(byteCount: Int) throws {
        let client = client(hasEDNS: true, sizeLimit: 65_535)
        let bytes = try copy(of: answer(byteCount: byteCount), for: client)
        #expect(bytes.count == byteCount)
        let read = try #require(ReadMessage(bytes))
        #expect(!read.isTruncated && read.edns == nil && read.recordCounts == [1, 0, 0])
    }

    @Test func aSmallBufferIsALimitToo() throws {
        let client = client(hasEDNS: true, sizeLimit: 65_535)
        let read = try #require(
            ReadMessage(try copy(of: answer(byteCount: 600), for: client, capacity: 512)))
        #expect(read.isTruncated && read.recordCounts == [0, 0, 0] && read.edns != nil)
    }

    @Test func truncatedAnswersKeepTheCode() throws {
        var message = answer(byteCount: 600)
        message.flags = 0x85a3
        let read = try #require(ReadMessage(try copy(of: message, for: client())))
        #expect(read.flags == 0x8783)
    }

    /// Client's flags, DO, upstream's flags, and what the client sees.
    static let flagCases: [(client: UInt16, dnssecOK: Bool, upstream: UInt16, seen: UInt16)] = [
        (0x0100, false, 0x8180, 0x8180),
        // RD and CD are the client's own, whatever the upstream says.
        (0x0100, false, 0x8080, 0x8180), (0x0110, false, 0x8180, 0x8190),
        (0x0100, false, 0x8190, 0x8180),
        // AD only for clients that know it.
        (0x0100, false, 0x81a0, 0x8180), (0x0120, false, 0x81a0, 0x81a0),
        (0x0100, true, 0x81a0, 0x81a0), (0x0120, true, 0x8180, 0x8180),
        // AA and RA are the upstream's, Z is nobody's, bits of the query are not echoed.
        (0x0100, false, 0x8580, 0x8580), (0x0100, false, 0x8100, 0x8100),
        (0x0100, false, 0x81c0, 0x8180), (0x07cf, false, 0x8180, 0x8180),
        (0x0100, false, 0x8183, 0x8183), (0x0100, false, 0x8185, 0x8185),
    ]

    @Test(arguments: flagCases) func flagsAreJoined(
        client flags: UInt16, dnssecOK: Bool, upstream: UInt16, seen: UInt16
    ) throws {
        let message = MessageBytes(flags: upstream, answers: [record()])
        let client = client(
            flags: Flags(rawValue: flags), hasEDNS: dnssecOK, dnssecOK: dnssecOK)
        let read = try #require(ReadMessage(try copy(of: message, for: client)))
        #expect(read.flags == seen)
    }

    @Test func longCodesNeedEDNS() throws {
        let message = MessageBytes(flags: 0x8187, additionals: [opt(upperCode: 1)])
        let with = try #require(ReadMessage(try copy(of: message, for: client(hasEDNS: true))))
        #expect(with.code == 23)
        let without = try #require(ReadMessage(try copy(of: message, for: client())))
        #expect(without.code == 2)
    }

    @Test func passesOnAnExtendedError() throws {
        let why = option(15, [0, 22] + text("because"))
        let message = MessageBytes.answer(additionals: [opt(options: option(12, [0]) + why)])
        let read = try #require(ReadMessage(try copy(of: message, for: client(hasEDNS: true))))
        #expect(read.options == [15: [0, 22] + text("because")])
        let plain = try #require(ReadMessage(try copy(of: message, for: client())))
        #expect(plain.edns == nil)
    }

    @Test func tellsTheIdleTimeout() throws {
        let client = client(hasEDNS: true, sizeLimit: 65_535, keepalive: 100)
        let read = try #require(ReadMessage(try copy(of: .answer(record()), for: client)))
        #expect(read.options == [11: [0, 100]])
    }

    /// Options that do not fit are left out, the answer is not.
    @Test(arguments: 0...24) func optionsGiveWay(room: Int) throws {
        let why = [UInt8(0), 22] + text("abcdef")
        let message = answer(
            byteCount: 512 - 11 - room, additionals: [opt(options: option(15, why))])
        let client = client(hasEDNS: true, sizeLimit: 512, keepalive: 100)
        let bytes = try copy(of: message, for: client)
        #expect(bytes.count <= 512)
        let read = try #require(ReadMessage(bytes))
        #expect(!read.isTruncated)
        #expect((read.options[11] != nil) == (room >= 6))
        #expect((read.options[15] != nil) == (room >= 18))
    }

    private func own(
        _ code: ResponseCode = .serverFailure, for client: Reply,
        error: ExtendedErrorCode? = .noReachableAuthority, text: [UInt8] = [],
        question: [UInt8]? = nil
    ) -> [UInt8] {
        let question = question ?? asked
        return written(capacity: Reply.minimumCapacity) {
            client.write(
                code: code, extendedError: error, extraText: text, question: question.span.bytes,
                into: &$0)
        }
    }

    @Test func answersByItself() {
        let head = octets(0xc11e) + octets(0x8192)
        let flags: Flags = [.recursionDesired, .checkingDisabled, .authenticData, .truncated]
        #expect(own(for: client(flags: flags)) == head + [0, 1, 0, 0, 0, 0, 0, 0] + asked)
        #expect(
            own(for: client(flags: flags, hasEDNS: true, keepalive: 100), text: text("down"))
                == head + [0, 1, 0, 0, 0, 0, 0, 1] + asked
                + opt(
                    size: 1232,
                    options: option(11, [0, 100]) + option(15, [0, 22] + text("down"))))
        #expect(
            own(for: client(flags: flags, hasEDNS: true), error: nil)
                == head + [0, 1, 0, 0, 0, 0, 0, 1] + asked + opt(size: 1232))
    }

    @Test func theLongestOwnAnswerFits512Octets() throws {
        let reason = [UInt8](repeating: UInt8(ascii: "x"), count: Reply.maximumExtraText)
        let bytes = own(
            for: client(hasEDNS: true, keepalive: 1), text: reason,
            question: question(name(byteCount: 255)))
        let read = try #require(ReadMessage(bytes))
        #expect(read.options == [11: [0, 1], 15: [0, 22] + reason])
        #expect(bytes.count <= 512)
    }

    @Test func writesTheQuestionAsItIs() throws {
        let spelled = question(name("wWw.eXaMpLe"))
        for bytes in [MessageBytes.answer(record()).bytes, answer(byteCount: 600).bytes] {
            let response = try response(bytes, to: asked).get()
            let reply = written(capacity: 65_535) {
                client().write(
                    response, of: bytes.span.bytes, question: spelled.span.bytes, into: &$0)
            }
            #expect(ReadMessage(reply)?.question == spelled)
        }
        #expect(ReadMessage(own(for: client(), question: spelled))?.question == spelled)
    }

    /// The upstream's spelling of the question is not the client's.
    @Test func doesNotTakeTheUpstreamsSpelling() throws {
        let message = MessageBytes(
            flags: 0x8180, questions: [question(name("WWW.EXAMPLE"))], answers: [record()])
        let read = try #require(ReadMessage(try copy(of: message, for: client())))
        #expect(read.question == asked)
    }
}
