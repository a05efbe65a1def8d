import NetAddress
import Testing

@testable import Configuration

@Suite struct RouteNameTests {
    private func domains(_ text: String) -> [String]? {
        RouteName(text)?.domains.map(\.description)
    }

    @Test(arguments: [
        ("corp.example", "corp.example"), ("Corp.Example.", "corp.example"),
        ("~corp.example", "corp.example"), (".", "."), ("~.", "."),
        ("10.0.0.0/8", "10.in-addr.arpa"), ("192.168.0.0/16", "168.192.in-addr.arpa"),
        ("192.0.2.7", "7.2.0.192.in-addr.arpa"), ("0.0.0.0/0", "in-addr.arpa"),
        ("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa"), ("::/0", "ip6.arpa"),
        ("10.in-addr.arpa", "10.in-addr.arpa"),
    ])
    func standsForOneDomain(text: String, domain: String) {
        #expect(domains(text) == [domain])
    }

    @Test func aPrefixThatEndsAmidALabelIsSeveralDomains() {
        let private12 = (16...31).map { "\($0).172.in-addr.arpa" }
        #expect(domains("172.16.0.0/12") == private12)
        #expect(domains("10.0.0.0/9")?.count == 128)
        #expect(
            domains("192.0.2.128/31") == ["128.2.0.192.in-addr.arpa", "129.2.0.192.in-addr.arpa"])
        #expect(domains("fc00::/7") == ["c.f.ip6.arpa", "d.f.ip6.arpa"])
        #expect(domains("2001:db8::8:0:0:0/65")?.count == nil)
        #expect(domains("2001:db8:0:0:8000::/65")?.count == 8)
    }

    @Test(arguments: [
        "", "~", "a..b", "10.0.0.1/8", "10.0.0.0/33", "10.1", "corp/8", "*.corp.example", "~~a",
    ])
    func isNothingElse(text: String) {
        #expect(RouteName(text) == nil)
    }

    @Test func isWrittenAsItIsRead() {
        for text in ["corp.example", ".", "10.0.0.0/8", "2001:db8::/32", "192.0.2.7"] {
            #expect(RouteName(text)?.description == text)
        }
    }
}
