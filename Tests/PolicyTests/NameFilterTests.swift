import DNSWire
import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct NameFilterTests {
    private static func filter(
        _ list: String, allow: [String] = [], answer: NameFilter.Answer = .nameError
    ) -> NameFilter {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: (1, 2)))
        reader.feed(Array(list.utf8)[...])
        _ = reader.endList()
        var builder = reader.finish()
        for text in allow { builder.allow(name(text)) }
        return builder.finish(answer: answer)
    }

    private static func blocks(_ filter: NameFilter, _ text: String) -> Bool {
        let wire = DomainName.wire(text)
        return filter.blocks(wire.span.bytes, length: wire.count)
    }

    @Test func aNameStandsForAllBelow() {
        let filter = Self.filter("ads.example\n*.tracker.example\n")
        #expect(Self.blocks(filter, "ads.example"))
        #expect(Self.blocks(filter, "a.b.ads.example"))
        #expect(Self.blocks(filter, "tracker.example"))
        #expect(!Self.blocks(filter, "example"))
        #expect(!Self.blocks(filter, "bads.example"))
        #expect(!Self.blocks(filter, "ads.example.com"))
        #expect(!Self.blocks(filter, "."))
    }

    @Test func aHostStandsForItself() {
        let filter = Self.filter("0.0.0.0 ads.example two.example\n")
        #expect(Self.blocks(filter, "ads.example"))
        #expect(Self.blocks(filter, "two.example"))
        #expect(!Self.blocks(filter, "www.ads.example"))
    }

    @Test func aNameThatIsInBothFormatsStandsForAllBelow() {
        for list in ["0.0.0.0 a.example\na.example\n", "a.example\n0.0.0.0 a.example\n"] {
            #expect(Self.blocks(Self.filter(list), "www.a.example"))
        }
    }

    @Test func theLongestNameCounts() {
        let filter = Self.filter(
            "example.com\nbad.good.example.com\n", allow: ["good.example.com", "plain.example"])
        #expect(Self.blocks(filter, "www.example.com"))
        #expect(!Self.blocks(filter, "good.example.com"))
        #expect(!Self.blocks(filter, "www.good.example.com"))
        #expect(Self.blocks(filter, "www.bad.good.example.com"))
        #expect(!Self.blocks(filter, "plain.example"))
    }

    @Test func ofTheSameNameTheAllowedCounts() {
        #expect(!Self.blocks(Self.filter("example.com", allow: ["example.com"]), "example.com"))
    }

    @Test func allNamesCanBeBlockedButAFew() {
        let filter = Self.filter("com\norg\n", allow: ["example.com"])
        #expect(Self.blocks(filter, "www.example.org"))
        #expect(!Self.blocks(filter, "www.example.com"))
    }

    @Test(arguments: [
        (NameFilter.Answer.nameError, RecordType.a, 3 as UInt16, [String]()),
        (.noData, .a, 0, []), (.zero, .a, 0, ["0.0.0.0"]), (.zero, .txt, 0, []),
        (.zero, .aaaa, 0, ["0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0"]),
    ])
    func answers(
        answer: NameFilter.Answer, type: RecordType, code: UInt16, texts: [String]
    ) throws {
        let filter = Self.filter("ads.example", answer: answer)
        let asked = question("ads.example", type)
        let bytes = written(capacity: 512) { room in
            let question = asked.span.bytes
            return filter.answer(question, as: client, into: &room) ?? 0
        }
        let message = try #require(DecodedMessage(bytes))
        #expect(message.code == code)
        #expect(message.answerTexts == texts)
        #expect(message.authorities.map(\.type) == (texts.isEmpty ? [6] : []))
        #expect(message.owner == "ads.example")
        #expect(message.option(15) == [0, 15])
    }

    /// Whether an answer is refused that leads from `www.example.com` to these names, one by one.
    private static func refuses(
        _ filter: NameFilter, _ targets: [[UInt8]], recordClass: UInt16 = 1
    ) throws -> Bool {
        var message = MessageBuilder(flags: 0x8180)
        message.addQuestion(DomainName.wire("www.example.com"), type: 1)
        for target in targets {
            message.addRecord(type: 5, recordClass: recordClass, data: target)
        }
        let bytes = message.bytes
        let asked = question("www.example.com", .a)
        let response = try Response(bytes.span.bytes, answering: asked.span.bytes)
        return filter.refuses(response, of: bytes.span.bytes, question: asked.span.bytes)
    }

    @Test func refusesAnswersThatLeadToABlockedName() throws {
        let filter = Self.filter("ads.example.com\n", allow: ["ok.ads.example.com"])
        // A label, and a pointer to the `example.com` of the question.
        let ads: [UInt8] = [3, 0x41, 0x64, 0x73, 0xc0, 0x10]
        let good = DomainName.wire("good.example")
        #expect(try Self.refuses(filter, [ads]))
        #expect(try Self.refuses(filter, [good, ads]))
        #expect(try Self.refuses(filter, [DomainName.wire("a.b.ADS.example.com"), good]))
        #expect(try !Self.refuses(filter, []))
        #expect(try !Self.refuses(filter, [good]))
        #expect(try !Self.refuses(filter, [DomainName.wire("ok.ads.example.com")]))
        #expect(try !Self.refuses(filter, [ads], recordClass: 3))
        let longest = String(repeating: "x.", count: 119) + "ads.example.com"
        #expect(try Self.refuses(filter, [DomainName.wire(longest)]))
    }

    @Test func anAllowedNameMayLeadAnywhere() throws {
        let ads = DomainName.wire("ads.test")
        #expect(try !Self.refuses(Self.filter("ads.test", allow: ["example.com"]), [ads]))
        #expect(try Self.refuses(Self.filter("ads.test", allow: ["a.www.example.com"]), [ads]))
    }

    /// 20 octets a name, as in the lists that are in use.
    @Test func takesLessThanFortyOctetsForAName() {
        var builder = NameFilterBuilder(seed: (3, 4))
        var text: [UInt8] = []
        for number in 0..<100_000 {
            text = Array("ad\(number).tracking.example".utf8)
            let isName = builder.block(text[...], subtree: true)
            #expect(isName)
        }
        let filter = builder.finish(answer: .nameError)
        #expect(filter.count == 100_000)
        #expect(filter.byteCount < 40 * filter.count)
        #expect(Self.blocks(filter, "www.ad99999.tracking.example"))
        #expect(!Self.blocks(filter, "www.ad100000.tracking.example"))
    }
}
