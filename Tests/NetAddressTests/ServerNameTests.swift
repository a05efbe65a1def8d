import NetAddress
import Testing

@Suite struct ServerNameTests {
    private static let label63 = String(repeating: "a", count: 63)
    private static let name253 = [
        label63, label63, label63, String(repeating: "b", count: 61),
    ].joined(separator: ".")

    static let good: [(text: String, name: String)] = [
        ("dns.example", "dns.example"),
        ("DNS.Example.", "dns.example"),
        ("localhost", "localhost"),
        ("one.one.one.one", "one.one.one.one"),
        ("1dot1.example", "1dot1.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a-b.c--d.e1", "a-b.c--d.e1"),
        ("1.2.3.4a", "1.2.3.4a"),
        (label63 + ".example", label63 + ".example"),
        (name253, name253),
        (name253 + ".", name253),
    ]

    static let bad = [
        "", ".", "..", ".example", "dns..example", "dns.example..", "-dns.example",
        "dns-.example", "dns_1.example", "dns example", " dns.example", "dns.example\n",
        "*.example", "bücher.example", "192.0.2.1", "192.0.2.1.", "example.1", "1", "::1",
        "dns.example:853", "a@b", "dns\u{0}.example",
        // The Kelvin sign, the long s and the dotted I, which fold to ASCII letters.
        "ban\u{212a}.example", "dn\u{17f}.example", "DNS\u{130}.example",
        label63 + "a.example", name253 + "b", "a" + name253 + ".",
    ]

    @Test(arguments: good) func takesHostNames(text: String, name: String) throws {
        let server = try #require(ServerName(text))
        #expect(server.description == name)
        #expect(ServerName(name) == server)
    }

    @Test(arguments: bad) func refuses(text: String) {
        #expect(ServerName(text) == nil)
    }
}
