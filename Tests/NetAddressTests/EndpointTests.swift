import NetAddress
import Testing

@Suite struct EndpointTests {
    static let good: [(text: String, canonical: String)] = [
        ("192.0.2.1", "192.0.2.1:853"),
        ("192.0.2.1:53", "192.0.2.1:53"),
        ("192.0.2.1:1", "192.0.2.1:1"),
        ("192.0.2.1:65535", "192.0.2.1:65535"),
        ("2001:db8::1", "[2001:db8::1]:853"),
        ("[2001:db8::1]", "[2001:db8::1]:853"),
        ("[2001:db8::1]:53", "[2001:db8::1]:53"),
        // Without brackets the last group is no port.
        ("2001:db8::1:853", "[2001:db8::1:853]:853"),
        ("fe80::1%2", "[fe80::1%2]:853"),
        ("[fe80::1%2]:53", "[fe80::1%2]:53"),
        ("[fe80::1%4294967295]", "[fe80::1%4294967295]:853"),
        ("[fe80::1]:53", "[fe80::1]:53"),
    ]

    static let bad = [
        "", ":", ":53", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:+53",
        "192.0.2.1:-1", "192.0.2.1: 53", "192.0.2.1:53 ", "192.0.2.1:000053", "192.0.2.1:５３",
        "192.0.2.1:a", "[192.0.2.1]", "[192.0.2.1]:53", "[2001:db8::1", "2001:db8::1]",
        "[2001:db8::1]53", "[2001:db8::1]:", "[2001:db8::1]:0", "[2001:db8::1]:65536", "[]",
        "[]:53", "[[::1]]", "[::1]]:53", "[2001:db8:]:53", "[:1]",
        "fe80::1%", "fe80::1%0", "fe80::1%+2", "fe80::1%-2", "fe80::1%eth0", "fe80::1% 2",
        "fe80::1%2%3", "fe80::1%4294967296", "fe80::1%٢", "%2", "[%2]",
        "2001:db8::1%2", "[2001:db8::1%2]:53", "::1%1", "::%1", "192.0.2.1%2", "169.254.0.1%2",
        "dns.example", "dns.example:853", "192.0.2.1#dns.example",
    ]

    @Test(arguments: good) func readsAndWrites(text: String, canonical: String) throws {
        let endpoint = try #require(Endpoint(text, defaultPort: 853))
        #expect(endpoint.description == canonical)
        #expect(Endpoint(canonical, defaultPort: 1) == endpoint)
    }

    @Test(arguments: bad) func refuses(text: String) {
        #expect(Endpoint(text, defaultPort: 853) == nil)
    }

    @Test func keepsAddressPortAndScope() throws {
        let endpoint = try #require(Endpoint("[fe80::1%7]:5353", defaultPort: 853))
        #expect(endpoint.address == IPAddress("fe80::1"))
        #expect(endpoint.port == 5353)
        #expect(endpoint.scope == 7)
    }
}
