import Collections
import DNSWire
import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct DomainTableTests {
    @Test func findsEveryNameAndNoOther() {
        var generator = SplitMix64(seed: 17)
        var builder = DomainTableBuilder(hash: NameHash(1, 2), payloadLength: 1)
        var model: [String: UInt8] = [:]
        for _ in 0..<5000 {
            let text = Self.randomName(&generator)
            let payload = UInt8(generator.below(256))
            model[text] = payload
            Self.add(text, payload, to: &builder)
        }
        let table = builder.finish()
        #expect(table.count == model.count)
        for (text, payload) in model { #expect(Self.payload(of: text, in: table) == payload) }
        for _ in 0..<5000 {
            let text = Self.randomName(&generator)
            #expect(Self.payload(of: text, in: table) == model[text])
        }
    }

    @Test func homesAreSpreadOverTheTable() {
        let homes = [0, 0x4000_0000, 0x8000_0000, 0xffff_ffff].map {
            DomainTable.home(of: $0, among: 100)
        }
        #expect(homes == [0, 25, 50, 99])
    }

    @Test func keepsTheLastOfANameUnlessToldOtherwise() {
        var builder = DomainTableBuilder(hash: NameHash(1, 2), payloadLength: 1)
        for payload in [3, 5, 9] as [UInt8] {
            Self.add("Example.com", payload, to: &builder)
        }
        let merged = builder.finish(merging: |)
        #expect(merged.count == 1)
        #expect(Self.payload(of: "example.com", in: merged) == 15)
    }

    /// With a multiplier of one and names of one word, hashes meet as often as one likes.
    @Test func tellsNamesOfOneHashApart() {
        var builder = DomainTableBuilder(hash: NameHash(0, 0), payloadLength: 1)
        let texts = (0..<500).map { "n\($0)" }
        for (index, text) in texts.enumerated() {
            Self.add(text, UInt8(index & 255), to: &builder)
        }
        let table = builder.finish()
        #expect(table.count == texts.count)
        for (index, text) in texts.enumerated() {
            #expect(Self.payload(of: text, in: table) == UInt8(index & 255))
        }
        #expect(Self.payload(of: "n500", in: table) == nil)
    }

    @Test func holdsNothingWhenEmpty() {
        let table = DomainTableBuilder(hash: NameHash(1, 2), payloadLength: 1).finish()
        #expect(table.count == 0)
        #expect(Self.payload(of: "com", in: table) == nil)
        #expect(Self.found(in: table, above: "www.example.com").isEmpty)
    }

    @Test func refusesWhatIsNoName() {
        var builder = DomainTableBuilder(hash: NameHash(1, 2), payloadLength: 1)
        for text in ["", ".", "a..b", "a b"] {
            let isName = builder.add(text: Array(text.utf8)[...], payload: 0)
            #expect(!isName)
        }
        #expect(builder.count == 0)
    }

    @Test func findsEveryNameThatANameIsBelow() {
        var generator = SplitMix64(seed: 23)
        for _ in 0..<200 {
            let labels = (0..<(1 + generator.below(30))).map { _ in
                String(repeating: "y", count: 1 + generator.below(7))
            }
            let name = labels.joined(separator: ".")
            let suffixes = labels.indices.reversed().map { labels[$0...].joined(separator: ".") }
            let kept = suffixes.enumerated().filter { _ in generator.below(2) == 0 }
            var builder = DomainTableBuilder(hash: NameHash(1, 2), payloadLength: 1)
            for (place, suffix) in kept { Self.add(suffix, UInt8(place), to: &builder) }
            let table = builder.finish()
            #expect(Self.found(in: table, above: name) == kept.map { UInt8($0.offset) })
            #expect(Self.found(in: table, above: "x" + name).count < suffixes.count)
        }
    }

    /// The payloads of what a name is or is below.
    private static func found(in table: borrowing DomainTable, above name: String) -> [UInt8] {
        let wire = DomainName.wire(name)
        var payloads: [UInt8] = []
        var starts: [Int] = []
        table.forEachSuffix(of: wire.span.bytes, end: wire.count - 1) { payload, start in
            payloads.append(table.octet(at: payload))
            starts.append(start)
        }
        #expect(starts == starts.sorted(by: >))
        let mayHold = table.mayHoldSuffix(of: wire.span.bytes, end: wire.count - 1)
        #expect(mayHold || payloads.isEmpty)
        return payloads
    }

    private static func add(
        _ text: String, _ payload: UInt8, to builder: inout DomainTableBuilder
    ) {
        let isName = builder.add(text: Array(text.utf8)[...], payload: payload)
        #expect(isName)
    }

    private static func payload(of text: String, in table: borrowing DomainTable) -> UInt8? {
        let wire = DomainName.wire(text)
        let name = wire.span.bytes
        let end = name.byteCount - 1
        var walk = table.hash.walk(from: end)
        let hash = table.hash.extend(&walk, name, to: 0)
        return table.payload(hash, name, 0..<end).map { table.octet(at: $0) }
    }

    private static func randomName(_ generator: inout SplitMix64) -> String {
        (0..<(1 + generator.below(4))).map { _ in
            String(generator.below(40), radix: 20)
                + String(repeating: "z", count: generator.below(12))
        }.joined(separator: ".")
    }
}
