import DNSText
import DNSWire
import TestSupport
import Testing

@Suite struct NameTextTests {
    @Test(arguments: [
        (".", [UInt8](arrayLiteral: 0)), ("a", [1, 97, 0]), ("a.", [1, 97, 0]),
        ("A.bC", [1, 97, 2, 98, 99, 0]), (#"a\.b"#, [3, 97, 46, 98, 0]),
        (#"\000\255"#, [2, 0, 255, 0]), (#"\065"#, [1, 97, 0]), (#"\\"#, [1, 92, 0]),
    ])
    func readsNames(_ text: String, _ wire: [UInt8]) {
        #expect(NameText.parse(text) == wire)
    }

    @Test(arguments: [
        "", "..", ".a", "a..b", "a b", #"a\"#, #"\256"#, #"\12"#, #"\1x2"#, "a\u{7f}",
        String(repeating: "a", count: 64),
        String(repeating: "abcdefg.", count: 32),
    ])
    func refusesWhatIsNoName(_ text: String) {
        #expect(NameText.parse(text) == nil)
    }

    @Test func takesTheLongestName() {
        let label = String(repeating: "a", count: 63)
        let name = "\(label).\(label).\(label).\(label.prefix(61))"
        let parsed = NameText.parse(name)
        #expect(parsed?.count == 255)
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var random = SplitMix64(seed: 11)
        for _ in 0..<500 {
            var wire: [UInt8] = []
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                let length = Int.random(in: 1...20, using: &random)
                wire.append(UInt8(length))
                for _ in 0..<length {
                    let octet = UInt8.random(in: 0...255, using: &random)
                    // Reading folds letters.
                    wire.append((65...90).contains(octet) ? octet + 32 : octet)
                }
            }
            wire.append(0)
            let text = NameText.text(of: wire.span.bytes, at: 0)
            #expect(text.hasSuffix("."))
            #expect(text.utf8.allSatisfy { (0x21..<0x7f).contains($0) })
            #expect(NameText.parse(text) == wire)
        }
    }

    @Test func writesNamesThroughPointers() {
        var message = [UInt8](repeating: 0, count: 12)
        message += [1, 98, 0, 1, 97, 0xc0, 12]
        let text = NameText.text(of: message.span.bytes, at: 15)
        #expect(text == "a.b.")
    }
}
