import DNSWire
import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct AnswerScreenTests {
    private static let screen = AnswerScreen(
        excepting: [name("plex.direct"), name("intra.example")], seed: (1, 2))

    private static func refuses(
        _ asked: String = "www.example.com", _ build: (inout MessageBuilder) -> Void
    ) throws -> Bool {
        var message = MessageBuilder(flags: 0x8180)
        message.addQuestion(DomainName.wire(asked), type: 1)
        build(&message)
        let bytes = message.bytes
        let question = question(asked, .a)
        let response = try Response(bytes.span.bytes, answering: question.span.bytes)
        return screen.refuses(response, of: bytes.span.bytes, question: question.span.bytes)
    }

    @Test func refusesPrivateAddressesInEverySection() throws {
        for section in [MessageBuilder.Section.answer, .authority, .additional] {
            #expect(
                try Self.refuses {
                    $0.addRecord(type: 1, data: [8, 8, 8, 8])
                    $0.addRecord(type: 1, data: [192, 168, 1, 1], in: section)
                })
        }
        #expect(
            try Self.refuses {
                $0.addRecord(type: 28, data: [0xfd] + [UInt8](repeating: 0, count: 15))
            })
        #expect(
            try Self.refuses {
                $0.addRecord(
                    type: 28, data: [UInt8](repeating: 0, count: 10) + [255, 255, 10, 0, 0, 1])
            })
    }

    @Test func letsPublicAddressesThrough() throws {
        #expect(
            try !Self.refuses {
                $0.addRecord(type: 1, data: [8, 8, 8, 8])
                $0.addRecord(type: 28, data: [0x26, 6] + [UInt8](repeating: 0, count: 14))
                $0.addRecord(type: 16, data: [4, 192, 168, 1, 1])
                $0.addRecord(type: 1, recordClass: 3, data: [10, 0, 0, 1])
            })
        #expect(try !Self.refuses { _ in })
    }

    @Test func looksIntoHints() throws {
        let v4: [UInt8] = [0, 1, 0, 0, 4, 0, 8, 8, 8, 8, 8, 10, 0, 0, 1]
        let v6: [UInt8] = [0, 1, 0, 0, 6, 0, 16, 0xfe, 0x80] + [UInt8](repeating: 1, count: 14)
        let good: [UInt8] = [0, 1, 0, 0, 1, 0, 3, 2, 104, 50, 0, 4, 0, 4, 8, 8, 8, 8]
        for type: UInt16 in [64, 65] {
            #expect(try Self.refuses { $0.addRecord(type: type, data: v4) })
            #expect(try Self.refuses { $0.addRecord(type: type, data: v6) })
            #expect(try !Self.refuses { $0.addRecord(type: type, data: good) })
            #expect(try !Self.refuses { $0.addRecord(type: type, data: [0, 0, 1, 97, 0]) })
        }
    }

    @Test func refusesHintsThatMayBeReadInTwoWays() throws {
        for data: [UInt8] in [
            [], [0, 1], [0, 1, 5, 97], [0, 1, 0, 0], [0, 1, 0, 0, 4, 0, 8, 8, 8, 8, 8],
            [0, 1, 0, 0, 4, 0, 5, 8, 8, 8, 8, 8],
        ] {
            #expect(try Self.refuses { $0.addRecord(type: 65, data: data) })
        }
    }

    @Test func letsExceptedNamesThrough() throws {
        for asked in ["intra.example", "a.b.intra.example", "1-2-3-4.x.plex.direct"] {
            #expect(try !Self.refuses(asked) { $0.addRecord(type: 1, data: [10, 0, 0, 1]) })
        }
        #expect(try Self.refuses("example") { $0.addRecord(type: 1, data: [10, 0, 0, 1]) })
    }
}
