import NetAddress
import Testing

@Suite struct FoldedNameTests {
    @Test func isInWireFormatAndLowerCase() throws {
        let name = try #require(FoldedName("WWW.Example_1.com"))
        #expect(name.octets == Array("\u{3}www\u{9}example_1\u{3}com\0".utf8))
        #expect(name.description == "www.example_1.com")
        #expect(FoldedName("www.example_1.com.") == name)
    }

    @Test func knowsTheRoot() throws {
        #expect(FoldedName(".") == .root)
        #expect(FoldedName.root.octets == [0])
        #expect(FoldedName.root.description == ".")
        #expect(FoldedName.root.parent == nil)
        #expect(FoldedName("com")?.parent == .root)
    }

    @Test(arguments: [
        "", "..", "a..b", ".a", "a b", "a/b", "caf\u{e9}.example", "a\\b", "*.example",
        String(repeating: "a", count: 64), String(repeating: "a.", count: 127) + "b",
    ])
    func refusesWhatIsNone(text: String) {
        #expect(FoldedName(text) == nil)
    }

    @Test func takesTheLongest() throws {
        let label = String(repeating: "a", count: 63)
        #expect(FoldedName(label) != nil)
        let longest = "\(label).\(label).\(label).\(label.prefix(61))"
        #expect(FoldedName(longest)?.octets.count == 255)
        #expect(FoldedName("\(label).\(label).\(label).\(label.prefix(62))") == nil)
    }

    @Test func countsItsLabels() throws {
        #expect(try #require(FoldedName("localhost")).isSingleLabel)
        #expect(try !#require(FoldedName("a.b")).isSingleLabel)
        #expect(!FoldedName.root.isSingleLabel)
    }

    @Test func isWithinWhatItEndsIn() throws {
        let name = try #require(FoldedName("a.example.com"))
        #expect(name.isWithin(.root))
        #expect(name.isWithin(name))
        #expect(name.isWithin(try #require(FoldedName("example.com"))))
        #expect(!name.isWithin(try #require(FoldedName("ample.com"))))
        #expect(!name.isWithin(try #require(FoldedName("b.a.example.com"))))
        #expect(name.parent?.description == "example.com")
    }

    @Test func reversesAddresses() throws {
        #expect(
            FoldedName(reverseOf: try #require(IPAddress("192.0.2.10")))
                == FoldedName("10.2.0.192.in-addr.arpa"))
        #expect(
            FoldedName(reverseOf: try #require(IPAddress("2001:db8::567:89ab")))
                == FoldedName(
                    "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"))
    }
}
