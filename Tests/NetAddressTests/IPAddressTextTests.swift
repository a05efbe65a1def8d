import NetAddress
import TestSupport
import Testing

@Suite struct IPAddressTextTests {
    /// Text that is read, and how it is written again (RFC 5952 section 4).
    static let good: [(text: String, canonical: String)] = [
        ("0.0.0.0", "0.0.0.0"),
        ("192.0.2.1", "192.0.2.1"),
        ("255.255.255.255", "255.255.255.255"),
        ("::", "::"),
        ("::1", "::1"),
        ("1::", "1::"),
        ("0:0:0:0:0:0:0:0", "::"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1"),
        ("2001:db8::0001", "2001:db8::1"),
        ("2001:DB8::aAaA", "2001:db8::aaaa"),
        // One zero group stays, of two equal runs the first is shortened, the longest wins.
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
        ("0:0:3:4:5:6:0:0", "::3:4:5:6:0:0"),
        ("1:0:0:0:0:0:0:0", "1::"),
        ("fe80::1", "fe80::1"),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ("0000:0000:0000:0000:0000:ffff:255.255.255.255", "::ffff:255.255.255.255"),
    ]

    static let bad = [
        "", ".", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.0.0.1",
        "1.2.3.256", "01.2.3.4", "1.2.3.00", "1.2.3.0004", "+1.2.3.4", "-1.2.3.4", " 1.2.3.4",
        "1.2.3.4 ", "1.2.3.4\n", "0x1.2.3.4", "1.2.3.a", "1.2.3.4:53", "1.2.3.٤", "1,2,3,4",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8",
        "1:2:3:4::5:6:7:8", "12345::", "::12345", "::g", ":1", "1:", "2001:db8:", ":2001:db8::1",
        "2001:db8::1:", "1:2:3:4:5:6:7:", ":2:3:4:5:6:7:8", ":::1", "1:::", "1:::2", "::1::",
        "::1.2.3", "::1.2.3.4.5", "::1.2.3.256", "1.2.3.4::", "::1.2.3.4:5",
        "1:2:3:4:5:6:7:1.2.3.4", "::+1", "::-1", "::1%2", "[::1]", "::1/128", " ::1", "::1 ",
        "::\u{0}1", "fe80::é",
        "0000:0000:0000:0000:0000:ffff:0255.255.255.255", "2001:db8::１",
    ]

    @Test(arguments: good) func readsAndWritesCanonically(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(address.family == (text.contains(":") ? .v6 : .v4))
    }

    @Test(arguments: bad) func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func readsTheBits() {
        #expect(IPAddress("1.2.3.4") == IPAddress(v4: 0x0102_0304))
        #expect(
            IPAddress("1:2:3:4:5:6:7:8")
                == IPAddress(v6High: 0x0001_0002_0003_0004, low: 0x0005_0006_0007_0008))
        #expect(IPAddress("::1.2.3.4") == IPAddress(v6High: 0, low: 0x0102_0304))
    }

    @Test func readsWhatItWrites() {
        var generator = SplitMix64(seed: 5952)
        for round in 0..<20_000 {
            // Masks leave long and short runs of zeros.
            let mask = UInt64.random(in: 0...(.max), using: &generator)
            let high = sparse(mask, &generator)
            let low = sparse(mask >> 4, &generator)
            let address =
                round % 4 == 0
                ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
            #expect(IPAddress(address.description) == address)
        }
    }

    /// A word of which some 16-bit groups are zero.
    private func sparse(_ mask: UInt64, _ generator: inout SplitMix64) -> UInt64 {
        (0..<4).reduce(UInt64(0)) { word, group in
            let value = UInt64.random(in: 0...0xffff, using: &generator)
            return word << 16 | (mask >> UInt64(group) & 1 == 0 ? 0 : value)
        }
    }
}
