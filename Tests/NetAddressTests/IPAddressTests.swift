import NetAddress
import Testing

@Suite struct IPAddressTests {
    /// Texts and whether they are unspecified, loopback, multicast, broadcast, link-local.
    static let kinds: [(text: String, kinds: Set<String>)] = [
        ("0.0.0.0", ["unspecified"]), ("::", ["unspecified"]),
        ("127.0.0.1", ["loopback"]), ("127.255.255.255", ["loopback"]), ("::1", ["loopback"]),
        ("128.0.0.0", []), ("126.255.255.255", []), ("::2", []),
        ("224.0.0.0", ["multicast"]), ("239.255.255.255", ["multicast"]),
        ("223.255.255.255", []), ("240.0.0.0", []),
        ("ff02::1", ["multicast"]), ("feff::1", []),
        ("255.255.255.255", ["broadcast"]), ("255.255.255.254", []),
        ("fe80::1", ["link-local"]), ("febf:ffff::", ["link-local"]),
        ("fe7f::1", []), ("fec0::1", []), ("169.254.0.1", []),
    ]

    @Test(arguments: kinds) func knowsItsKind(text: String, kinds: Set<String>) throws {
        let address = try #require(IPAddress(text))
        var found: Set<String> = []
        if address.isUnspecified { found.insert("unspecified") }
        if address.isLoopback { found.insert("loopback") }
        if address.isMulticast { found.insert("multicast") }
        if address.isBroadcast { found.insert("broadcast") }
        if address.isLinkLocal { found.insert("link-local") }
        #expect(found == kinds)
    }

    @Test func familiesNeverCompareEqual() {
        #expect(IPAddress(v4: 1) != IPAddress(v6High: 0, low: 1))
        #expect(IPAddress(v4: 0) != IPAddress(v6High: 0, low: 0))
    }

    @Test func unmapsMappedAddressesAlone() {
        #expect(IPAddress("::ffff:192.0.2.1")?.unmapped == IPAddress("192.0.2.1"))
        #expect(IPAddress("::192.0.2.1")?.unmapped == IPAddress("::192.0.2.1"))
        #expect(IPAddress("1::ffff:192.0.2.1")?.unmapped == IPAddress("1::ffff:192.0.2.1"))
        #expect(IPAddress("192.0.2.1")?.unmapped == IPAddress("192.0.2.1"))
    }
}
