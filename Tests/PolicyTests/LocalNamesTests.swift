import DNSWire
import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct LocalNamesTests {
    private static func names(
        hosts: String = "", forward: [String] = [], records: [LocalRecord] = []
    ) -> LocalNames {
        var source = LocalNamesSource()
        source.forwarded = forward.map(name)
        source.records = records
        var reader = HostsReader()
        reader.feed(Array(hosts.utf8)[...])
        reader.finish()
        return source.makeNames(reader, seed: (5, 6))
    }

    private static func record(
        _ owner: String, _ data: LocalRecord.Data, ttl: UInt32 = 300
    ) -> LocalRecord {
        LocalRecord(name: name(owner), timeToLive: ttl, data: data)
    }

    @Test(arguments: ["localhost", "foo.localhost", "a.b.LOCALHOST"])
    func localhostIsThisHost(text: String) throws {
        let names = Self.names(hosts: "192.0.2.1 localhost foo.localhost")
        let v4 = try #require(names.ask(text, .a))
        #expect(v4.answerTexts == ["127.0.0.1"])
        #expect(v4.code == 0)
        // AA, RA and what the client said.
        #expect(v4.flags == 0x8580)
        #expect(
            try #require(names.ask(text, .aaaa)).answerTexts == ["0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:1"])
        let other = try #require(names.ask(text, .mx))
        #expect(other.code == 0)
        #expect(other.answers.isEmpty)
        #expect(other.authorities.map(\.type) == [6])
        #expect(other.owner == "localhost")
    }

    @Test(arguments: [
        ("foo.test", "test"), ("invalid.invalid", "invalid"), ("abc.onion", "onion"),
        ("nas.home.arpa", "home.arpa"), ("x.resolver.arpa", "resolver.arpa"),
        ("1.0.0.10.in-addr.arpa", "10.in-addr.arpa"),
        ("9.20.172.in-addr.arpa", "20.172.in-addr.arpa"),
        ("1.1.168.192.in-addr.arpa", "168.192.in-addr.arpa"),
        ("4.64.100.in-addr.arpa", "64.100.in-addr.arpa"),
        ("4.3.0.127.in-addr.arpa", "127.in-addr.arpa"),
        ("1.0.d.f.ip6.arpa", "d.f.ip6.arpa"), ("3.a.e.f.ip6.arpa", "a.e.f.ip6.arpa"),
        ("4.8.b.d.0.1.0.0.2.ip6.arpa", "8.b.d.0.1.0.0.2.ip6.arpa"),
    ])
    func nothingIsInSpecialZones(asked: String, zone: String) throws {
        let answer = try #require(Self.names().ask(asked, .ptr))
        #expect(answer.code == 3)
        #expect(answer.flags & 0x0400 != 0)
        #expect(answer.answers.isEmpty)
        #expect(answer.authorities.map(\.type) == [6])
        #expect(answer.owner == zone)
    }

    @Test(arguments: [
        "www.example.com", "com", ".", "arpa", "in-addr.arpa", "1.1.1.1.in-addr.arpa",
        "9.15.172.in-addr.arpa", "1.32.172.in-addr.arpa", "1.63.100.in-addr.arpa", "ip6.arpa",
        "0.0.0.0.1.ip6.arpa", "testing", "test.example", "local",
    ])
    func otherNamesAreSomebodyElses(asked: String) {
        #expect(Self.names().ask(asked, .a) == nil)
    }

    @Test func aZoneHasABeginning() throws {
        let names = Self.names()
        let soa = try #require(names.ask("10.in-addr.arpa", .soa))
        #expect(soa.answers.map(\.type) == [6])
        #expect(soa.answers.first?.ttl == 10_800)
        let ns = try #require(names.ask("10.in-addr.arpa", .ns))
        #expect(ns.answers.map(\.type) == [2])
        let a = try #require(names.ask("10.in-addr.arpa", .a))
        #expect(a.code == 0)
        #expect(a.authorities.map(\.type) == [6])
    }

    @Test func theParentIsAskedWhetherAZoneIsSigned() throws {
        let names = Self.names()
        #expect(names.ask("10.in-addr.arpa", .ds) == nil)
        #expect(names.ask("home.arpa", .ds) == nil)
        #expect(try #require(names.ask("onion", .ds)).code == 0)
        #expect(try #require(names.ask("a.home.arpa", .ds)).code == 3)
    }

    @Test func thereIsNoDesignatedResolver() throws {
        let answer = try #require(Self.names().ask("_dns.resolver.arpa", .svcb))
        #expect(answer.code == 0)
        #expect(answer.answers.isEmpty)
        #expect(answer.owner == "resolver.arpa")
    }

    @Test func loopbackAddressesAreNamed() throws {
        let names = Self.names()
        #expect(
            try #require(names.ask("1.0.0.127.in-addr.arpa", .ptr)).answerTexts == ["localhost"])
        let v6 = String(repeating: "0.", count: 31)
        #expect(try #require(names.ask("1.\(v6)ip6.arpa", .ptr)).answerTexts == ["localhost"])
        #expect(try #require(names.ask("0.\(v6)ip6.arpa", .ptr)).code == 0)
        // Nothing is there, but something below it is.
        #expect(try #require(names.ask("0.0.127.in-addr.arpa", .ptr)).code == 0)
    }

    @Test func otherClassesAreSomebodyElses() {
        #expect(Self.names().ask("localhost", .a, class: 3) == nil)
    }

    @Test func namesCanBeForwardedThoughSpecial() throws {
        let names = Self.names(forward: ["10.in-addr.arpa", "corp.test", "168.192.in-addr.arpa"])
        #expect(names.ask("1.0.0.10.in-addr.arpa", .ptr) == nil)
        #expect(names.ask("www.corp.test", .a) == nil)
        #expect(names.ask("corp.test", .a) == nil)
        #expect(try #require(names.ask("other.test", .a)).code == 3)
        #expect(try #require(names.ask("1.16.172.in-addr.arpa", .ptr)).code == 3)
    }

    @Test func allThatIsWithinAForwardedNameIsForwarded() throws {
        let names = Self.names(forward: ["in-addr.arpa"])
        #expect(names.ask("1.0.0.10.in-addr.arpa", .ptr) == nil)
        #expect(names.ask("1.0.0.127.in-addr.arpa", .ptr) == nil)
        #expect(try #require(names.ask("1.d.f.ip6.arpa", .ptr)).code == 3)
        let none = Self.names(forward: ["."])
        #expect(none.ask("localhost", .a) == nil)
        #expect(none.ask("_dns.resolver.arpa", .svcb) == nil)
    }

    @Test func hostsAreAnsweredForward() throws {
        let names = Self.names(
            hosts: "192.0.2.7 Box.Example box\n192.0.2.8 box.example\n2001:db8::7 box\n")
        let answer = try #require(names.ask("BOX.example", .a))
        #expect(answer.answerTexts == ["192.0.2.7", "192.0.2.8"])
        #expect(answer.answers.map(\.ttl) == [10, 10])
        #expect(try #require(names.ask("box", .aaaa)).answers.count == 1)
        for type in [RecordType.aaaa, .https] {
            let none = try #require(names.ask("box.example", type))
            #expect(none.code == 0)
            #expect(none.answers.isEmpty)
            #expect(none.authorities.first?.ttl == 10)
        }
        #expect(try #require(names.ask("box", .any)).answers.count == 2)
        // The address of a web server says nothing about the domain's mail.
        #expect(names.ask("box.example", .mx) == nil)
        #expect(try #require(names.ask("box", .mx)).code == 0)
        #expect(names.ask("www.box.example", .a) == nil)
    }

    @Test func hostsAreAnsweredBackward() throws {
        let names = Self.names(
            hosts: "192.168.1.7 box.example box\n192.168.1.7 other\n0.0.0.0 ads.example\n")
        let answer = try #require(names.ask("7.1.168.192.in-addr.arpa", .ptr))
        #expect(answer.answerTexts == ["box.example"])
        #expect(try #require(names.ask("8.1.168.192.in-addr.arpa", .ptr)).code == 3)
        #expect(try #require(names.ask("0.0.0.0.in-addr.arpa", .ptr)).code == 3)
        #expect(try #require(names.ask("ads.example", .a)).answerTexts == ["0.0.0.0"])
    }

    @Test func aHostInASpecialZoneIsThere() throws {
        let names = Self.names(hosts: "192.168.1.7 nas.home.arpa\n")
        #expect(try #require(names.ask("nas.home.arpa", .a)).answerTexts == ["192.168.1.7"])
        let other = try #require(names.ask("nas.home.arpa", .txt))
        #expect(other.code == 0)
        #expect(other.owner == "home.arpa")
    }

    @Test func recordsOfAllKindsAreAnswered() throws {
        let names = Self.names(records: [
            Self.record("r.example", .address(address("192.0.2.1"))),
            Self.record("r.example", .address(address("2001:db8::1"))),
            Self.record("r.example", .text(Array("hello".utf8)), ttl: 60),
            Self.record("r.example", .mail(preference: 10, name("mail.example"))),
            Self.record(
                "_x._tcp.example", .service(priority: 1, weight: 2, port: 443, name("r.example"))),
            Self.record("1.2.0.192.in-addr.arpa", .pointer(name("r.example"))),
        ])
        #expect(try #require(names.ask("r.example", .a)).answerTexts == ["192.0.2.1"])
        let text = try #require(names.ask("r.example", .txt))
        #expect(text.answers.map(\.data) == [[5] + Array("hello".utf8)])
        #expect(text.answers.map(\.ttl) == [60])
        #expect(
            try #require(names.ask("r.example", .mx)).answers.map(\.data)
                == [[0, 10] + DomainName.wire("mail.example")])
        #expect(
            try #require(names.ask("_x._tcp.example", .srv)).answers.map(\.data)
                == [[0, 1, 0, 2, 1, 187] + DomainName.wire("r.example")])
        #expect(
            try #require(names.ask("1.2.0.192.in-addr.arpa", .ptr)).answerTexts == ["r.example"])
        #expect(try #require(names.ask("r.example", .any)).answers.count == 4)
        let none = try #require(names.ask("r.example", .ns))
        #expect(none.code == 0)
        #expect(none.authorities.map(\.type) == [6])
    }

    @Test func anAliasBringsTheRecordsThatItLeadsTo() throws {
        let names = Self.names(records: [
            Self.record("www.example", .alias(name("r.example"))),
            Self.record("r.example", .address(address("192.0.2.1"))),
        ])
        let answer = try #require(names.ask("www.example", .a))
        #expect(answer.answerTexts == ["r.example", "192.0.2.1"])
        #expect(
            answer.answers.map { DomainName.text($0.owner) } == ["www.example", "r.example"])
        #expect(try #require(names.ask("www.example", .txt)).answerTexts == ["r.example"])
        #expect(try #require(names.ask("www.example", .cname)).answerTexts == ["r.example"])
    }

    @Test func recordsCountMoreThanHosts() throws {
        let names = Self.names(
            hosts: "192.0.2.9 r.example\n",
            records: [Self.record("r.example", .address(address("192.0.2.1")))])
        #expect(try #require(names.ask("r.example", .a)).answerTexts == ["192.0.2.1"])
    }

    @Test func longTextsAreCut() throws {
        let text = [UInt8](repeating: UInt8(ascii: "x"), count: 600)
        let names = Self.names(records: [Self.record("t.example", .text(text))])
        let data = try #require(names.ask("t.example", .txt)).answers.first?.data ?? []
        #expect(data.count == 603)
        #expect(data.first == 255)
        #expect(data[512] == 90)
    }

    @Test func aNameHasSoManyRecordsAndNoMore() throws {
        let hosts = (0..<100).map { "192.0.2.\($0) many\n" }.joined()
        let answer = try #require(Self.names(hosts: hosts).ask("many", .a))
        #expect(answer.answers.count == PolicyLimits.recordsOfName)
    }
}
