import Configuration
import NetAddress
import Testing

/// The keys of what an operator decides about queries and answers.
@Suite struct PolicyTextTests {
    @Test func prefixesAreRead() throws {
        let parsed = try configuration(
            server + "[Access]\nAllow=192.168.0.0/16\nAllow=2001:db8::1\nDeny=192.168.7.0/24\n")
        #expect(parsed.access.allowed.map(\.description) == ["192.168.0.0/16", "2001:db8::1"])
        #expect(parsed.access.denied.map(\.description) == ["192.168.7.0/24"])
    }

    @Test func aPrefixWithSurplusBitsIsASlip() {
        #expect(
            problems(server + "[Access]\nAllow=192.168.1.7/24\n") == [
                "f:4:7: Allow=: '192.168.1.7/24' has bits behind the prefix "
                    + "(did you mean '192.168.1.0/24'?)"
            ])
        #expect(
            problems(server + "[Access]\nDeny=lan\n") == [
                "f:4:6: Deny=: expected an address or a prefix such as 192.168.0.0/16, "
                    + "found 'lan'"
            ])
    }

    @Test(arguments: [("yes", HostsFile.path("/etc/hosts")), ("no", .none), ("/x", .path("/x"))])
    func hostsAreABooleanOrAPath(text: String, file: HostsFile) throws {
        let parsed = try configuration(server + "[Local]\nHosts=\(text)\n")
        #expect(parsed.local.hosts == file)
        #expect(parsed.text.contains("\nHosts=\(text)\n"))
    }

    @Test(arguments: [
        "a.example 300 A 192.0.2.1", "a.example 0 AAAA 2001:db8::1",
        "1.2.0.192.in-addr.arpa 60 PTR a.example", "a.example 300 MX 10 mail.example",
        "_x._tcp.a.example 300 SRV 1 2 443 a.example", "a.example 300 TXT \"a \"b\" c\"",
        "a.example 300 TXT \"\"",
    ])
    func recordsAreWrittenAsTheyAreRead(text: String) throws {
        let parsed = try configuration(server + "[Local]\nRecord=\(text)\n")
        #expect(parsed.local.records.count == 1)
        #expect(parsed.text.contains("\nRecord=\(text)\n"))
    }

    @Test func aRecordNeedsNoTTLNorQuotes() throws {
        let parsed = try configuration(server + "[Local]\nRecord=A.Example txt v=spf1 -all\n")
        #expect(
            parsed.local.records == [
                LocalRecord(
                    name: try #require(FoldedName("a.example")), timeToLive: 300,
                    data: .text(Array("v=spf1 -all".utf8)))
            ])
    }

    @Test(arguments: [
        ("a..b A 192.0.2.1", 8, "expected the name of the record, found 'a..b'"),
        (". A 192.0.2.1", 8, "the root has no records here"),
        ("a.example", 17, "expected a type"),
        ("a.example 604801 A 192.0.2.1", 18, "a TTL is at most 604800 seconds"),
        (
            "a.example NS b.example", 18,
            "a record is A, AAAA, CNAME, MX, PTR, SRV or TXT, not 'NS'"
        ),
        ("a.example A 2001:db8::1", 20, "expected an IPv4 address, found '2001:db8::1'"),
        ("a.example A 192.0.2.1 more", 30, "nothing may stand behind the record"),
        (
            "a.example MX mail.example", 21,
            "expected a preference from 0 to 65535, found 'mail.example'"
        ),
        ("a.example SRV 1 2", 25, "expected a port"),
    ])
    func badRecordsAreTold(text: String, column: Int, message: String) {
        #expect(
            problems(server + "[Local]\nRecord=\(text)\n") == [
                "f:4:\(column): Record=: \(message)"
            ])
    }

    @Test func anAliasMustLeadToRecords() throws {
        let target = "Record=b.example A 192.0.2.1\n"
        _ = try configuration(server + "[Local]\n\(target)Record=a.example CNAME b.example\n")
        #expect(
            problems(server + "[Local]\nRecord=a.example CNAME b.example\n") == [
                "f: Record=: a.example is an alias of b.example, which has no record here"
            ])
        #expect(
            problems(
                server + "[Local]\n\(target)Record=a.example CNAME b.example\n"
                    + "Record=a.example TXT x\nRecord=c.example CNAME a.example\n"
            )
            .count == 2)
    }

    @Test func domainsAreNames() {
        #expect(
            problems(server + "[Filter]\nAllow=*.example\n") == [
                "f:4:7: Allow=: expected a domain name, found '*.example' "
                    + "(names below a name belong to it)"
            ])
        #expect(problems(server + "[Local]\nForward=.\nForward=10.in-addr.arpa.\n").isEmpty)
        #expect(
            problems(server + "[Local]\nForward=Test\nForward=test.\n") == [
                "f:5:9: Forward=: 'test.' is there already"
            ])
    }
}
