import NetAddress
import Testing

@testable import Configuration

@Suite struct ServerTextTests {
    private static let pin = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1:853"),
        ("192.0.2.1:8853", "192.0.2.1:8853"),
        ("192.0.2.1#DNS.Example.", "192.0.2.1:853#dns.example"),
        ("2001:db8::1", "[2001:db8::1]:853"),
        ("[2001:db8::1]#dns.example", "[2001:db8::1]:853#dns.example"),
        ("[2001:db8::1]:53#dns.example", "[2001:db8::1]:53#dns.example"),
        ("[2001:db8::1:853]", "[2001:db8::1:853]:853"),
        ("2001:db8::853", "[2001:db8::853]:853"),
        ("fe80::1%2", "[fe80::1%2]:853"),
        ("192.0.2.1 \t pin-sha256=\(pin)", "192.0.2.1:853 pin-sha256=\(pin)"),
        (
            "192.0.2.1#a.example pin-sha256=\(pin) pin-sha256=\(pin)",
            "192.0.2.1:853#a.example pin-sha256=\(pin) pin-sha256=\(pin)"
        ),
    ])
    func goodServers(text: String, written: String) throws {
        let server = try ServerText.read(text)
        #expect(ServerText.write(server) == written)
        let again = try ServerText.read(written)
        #expect(again == server)
    }

    @Test(arguments: [
        ("192.0.2.1@853#dns.example", 9, "did you mean '192.0.2.1:853#dns.example'?"),
        ("192.0.2.1@853", 9, "did you mean '192.0.2.1:853'?"),
        ("192.0.2.1@dns.example", 9, "did you mean '192.0.2.1#dns.example'?"),
        ("2001:db8::1@853#dns.example", 11, "did you mean '[2001:db8::1]:853#dns.example'?"),
        (
            "dns.example", 0,
            "this server is needed to look names up; write 'ADDRESS#dns.example'"
        ),
        (
            "dns.example#dns.example", 0,
            "this server is needed to look names up; write 'ADDRESS#dns.example'"
        ),
        ("tls://192.0.2.1", 0, "leave out 'tls://'"),
        ("2001:db8::1:853#dns.example", 0, "write '[2001:db8::1]:853' or '[2001:db8::1:853]'"),
        ("fe80::1", 0, "like 'fe80::1%2'; 'ip link' shows the numbers"),
        ("fe80::1%eth0", 8, "'ip link' shows the numbers"),
        ("[fe80::1%eth0]:853", 9, "'ip link' shows the numbers"),
        ("192.0.2.1:0", 10, "without one, 192.0.2.1 is used with port 853"),
        ("[2001:db8::1]:65536", 14, "without one, 2001:db8::1 is used with port 853"),
        ("192.0.2.1:", 10, "without one, 192.0.2.1 is used with port 853"),
        ("192.0.2.256", 0, "like '192.0.2.1', '192.0.2.1:853' or '[2001:db8::1]:853'"),
        ("#dns.example", 0, "like '192.0.2.1', '192.0.2.1:853' or '[2001:db8::1]:853'"),
        ("192.0.2.1#", 10, "without '#' the certificate must carry the address 192.0.2.1"),
        ("192.0.2.1#192.0.2.1", 10, "without '#' the certificate must carry the address 192.0.2.1"),
        ("192.0.2.1#dns.example:853", 10, "the port stands before '#'"),
        ("192.0.2.1#dns_example", 10, nil),
        ("0.0.0.0", 0, nil),
        ("ff02::1", 0, nil),
        ("::ffff:255.255.255.255", 0, nil),
        ("192.0.2.1 192.0.2.2", 10, "every server has its own 'Server=' line"),
        ("192.0.2.1 pin-sha25=\(pin)", 10, "did you mean 'pin-sha256='?"),
        ("192.0.2.1 sha256/\(pin)", 10, nil),
        ("192.0.2.1 pin-sha256=AAAA", 21, nil),
        ("192.0.2.1" + String(repeating: " pin-sha256=\(pin)", count: 17), 906, nil),
    ])
    func badServers(text: String, offset: Int, hint: String?) {
        let problem = #expect(throws: ValueProblem.self) { try ServerText.read(text) }
        #expect(problem?.offset == offset)
        #expect(problem?.hint == hint)
    }
    @Test(arguments: [
        ("dns.example", "dns.example:853"),
        ("DNS.Example.:8853", "dns.example:8853"),
        ("dns.example pin-sha256=\(pin)", "dns.example:853 pin-sha256=\(pin)"),
        ("192.0.2.1#dns.example", "192.0.2.1:853#dns.example"),
        ("[2001:db8::1]:53", "[2001:db8::1]:53"),
        ("2001:db8::1", "[2001:db8::1]:853"),
    ])
    func goodTargets(text: String, written: String) throws {
        let target = try ServerText.readTarget(text)
        let format = ValueFormat<UpstreamTarget>.target
        #expect(format.write(target) == written)
        #expect(try format.read(written) == target)
    }

    @Test(arguments: [
        (
            "dns.example#dns.example", 11,
            "leave out '#' and what follows, or write an address before it"
        ),
        (
            "dns.example:853#dns.example", 11,
            "leave out '#' and what follows, or write an address before it"
        ),
        ("dns.example:0", 11, "without one, dns.example is used with port 853"),
        ("dns.example:65536", 11, "without one, dns.example is used with port 853"),
        ("dns.example:", 11, "without one, dns.example is used with port 853"),
        ("dns.example other.example", 12, nil),
        ("tls://192.0.2.1", 0, "leave out 'tls://'"),
        ("dns_example", 0, "like '192.0.2.1', '192.0.2.1:853' or '[2001:db8::1]:853'"),
    ])
    func badTargets(text: String, offset: Int, hint: String?) {
        let problem = #expect(throws: ValueProblem.self) { try ServerText.readTarget(text) }
        #expect(problem?.offset == offset)
        #expect(problem?.hint == hint)
    }
}
