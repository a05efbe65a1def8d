import NetAddress
import TestServers
import Testing

@testable import TLS

@Suite struct NameMatchTests {
    @Test(arguments: [
        ("dns.example", "dns.example", true),
        ("DNS.Example", "dns.example", true),
        ("dns.example.", "dns.example", false),
        ("dns.example\0.evil.example", "dns.example", false),
        ("dns.example\0", "dns.example", false),
        ("*.example.net", "dns.example.net", true),
        ("*.example.net", "example.net", false),
        ("*.example.net", "a.b.example.net", false),
        ("*.example", "dns.example", false),
        ("*", "dns.example", false),
        ("*.", "dns.example", false),
        ("", "dns.example", false),
        ("d*.example.net", "dns.example.net", false),
        ("*ns.example.net", "dns.example.net", false),
        ("dns.*.net", "dns.example.net", false),
        ("*.*.net", "dns.example.net", false),
    ])
    func names(_ presented: String, _ wanted: String, _ matches: Bool) throws {
        let name = try #require(ServerName(wanted))
        #expect(Certificate.AlternativeName.dns(Array(presented.utf8)).covers(name) == matches)
        #expect(!Certificate.AlternativeName.address(Array(presented.utf8)).covers(name))
    }

    @Test func addresses() throws {
        let four = try #require(IPAddress("192.0.2.1"))
        let six = try #require(IPAddress("2001:db8::1"))
        let octets: [UInt8] = [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
        #expect(Certificate.AlternativeName.address([192, 0, 2, 1]).covers(four))
        #expect(!Certificate.AlternativeName.address([192, 0, 2, 2]).covers(four))
        #expect(!Certificate.AlternativeName.address([192, 0, 2, 1, 0]).covers(four))
        #expect(Certificate.AlternativeName.address(octets).covers(six))
        #expect(!Certificate.AlternativeName.address(octets).covers(four))
        #expect(!Certificate.AlternativeName.dns([192, 0, 2, 1]).covers(four))
        #expect(Certificate.AlternativeName.address(octets).words == "2001:db8::1")
        #expect(Certificate.AlternativeName.address([192, 0, 2, 1]).words == "192.0.2.1")
        #expect(Certificate.AlternativeName.address([1, 2]).words == "?")
    }

    @Test func foreignOctetsCannotForgeALogLine() {
        #expect(printable(Array("a\nb\u{1b}[c\0".utf8)) == "a?b?[c?")
        #expect(printable([0xc3, 0xa9]) == "??")
        #expect(printable([UInt8](repeating: 0x61, count: 65)).hasSuffix("aaa..."))
    }
}
