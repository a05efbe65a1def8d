import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

/// What is answered here, not resolved or not believed, in a daemon with real files.
@Suite struct PolicyTests {
    private let folder = Result { try TemporaryFolder() }

    private func write(_ text: String, as name: String) throws -> String {
        try folder.get().write(Array(text.utf8), as: name)
    }

    /// Asks until the answer is as wanted, for ten seconds; each look is a query of its own.
    private static func becomes(
        _ daemon: RunningDaemon, _ name: TestName, _ isWanted: (PlainReply) -> Bool
    ) throws -> Bool {
        let end = Clock.monotonic() + .seconds(10)
        while Clock.monotonic() < end {
            if let reply = try daemon.client.udp(name), isWanted(reply) { return true }
            usleep(20_000)
        }
        return false
    }

    @Test func editsOfTheHostsFileAreFollowed() throws {
        let server = try Fixture.server()
        let path = try write("192.0.2.1 box.example\n", as: "hosts")
        let daemon = try RunningDaemon(asking: server, sections: "[Local]\nHosts=\(path)")
        let first = try daemon.client.udp("box.example")
        #expect(first?.addresses == [IPAddress(v4: 0xc000_0201)])
        _ = try write("192.0.2.2 box.example\n", as: "hosts")
        #expect(
            try Self.becomes(daemon, "box.example") { $0.addresses == [IPAddress(v4: 0xc000_0202)] }
        )
        let other = try write("192.0.2.3 box.example\n", as: "hosts.new")
        rename(other, path)
        #expect(
            try Self.becomes(daemon, "box.example") { $0.addresses == [IPAddress(v4: 0xc000_0203)] }
        )
        #expect(server.record.queriesReceived == 0)
        unlink(path)
        #expect(
            try Self.becomes(daemon, "box.example") {
                $0.addresses == [AnswerBook.address4("box.example")]
            })
    }

    @Test func specialNamesNeverLeave() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(
            asking: server, sections: "[Local]\nHosts=no\nRecord=nas.home.arpa A 192.0.2.9")
        #expect(
            try daemon.client.udp("localhost")?.addresses == [IPAddress(v4: 0x7f00_0001)])
        #expect(try daemon.client.udp("x.home.arpa")?.rcode == ResponseCode.nameError)
        #expect(
            try daemon.client.tcp("nas.home.arpa")?.addresses == [IPAddress(v4: 0xc000_0209)])
        #expect(server.record.queriesReceived == 0)
    }

    @Test func listsAreFollowedAndReloaded() throws {
        let server = try Fixture.server()
        let path = try write("ads.example\n", as: "list")
        let sections = "[Filter]\nList=\(path)\n"
        let daemon = try RunningDaemon(asking: server, sections: sections)
        let blocked = try daemon.client.udp(PlainQuery("www.ads.example", edns: TestEDNS()))
        #expect(blocked?.rcode == ResponseCode.nameError)
        #expect(blocked?.message?.edns?.extendedError?.code == 15)
        #expect(try daemon.client.udp("other.example")?.addresses.isEmpty == false)
        _ = try write("other.example\n", as: "list")
        #expect(try Self.becomes(daemon, "other.example") { $0.rcode == ResponseCode.nameError })
        #expect(try daemon.client.udp("ads.example")?.addresses.isEmpty == false)
        try daemon.reload(
            Fixture.configuration(
                [server], sections: sections + "Answer=zero\nAllow=ok.other.example"))
        #expect(try daemon.client.udp("other.example")?.addresses == [IPAddress(v4: 0)])
        #expect(try daemon.client.udp("ok.other.example")?.addresses.isEmpty == false)
    }

    /// The server's addresses are all private.
    @Test func whatWasBelievedIsForgottenWhenItNoLongerIs() throws {
        let server = try Fixture.server()
        let open = try Fixture.caching([server])
        let daemon = try RunningDaemon(open, servers: [server])
        #expect(try daemon.client.udp("www.example")?.addresses.isEmpty == false)
        #expect(try daemon.client.udp("www.example")?.addresses.isEmpty == false)
        #expect(server.record.queriesReceived == 1)
        try daemon.reload(open + "[Filter]\nProtectPrivate=yes\nPrivateDomain=corp.example\n")
        let refused = try daemon.client.udp(PlainQuery("www.example", edns: TestEDNS()))
        #expect(refused?.rcode == ResponseCode.noError)
        #expect(refused?.addresses == [])
        #expect(refused?.message?.edns?.extendedError?.code == 15)
        let corporate = try daemon.client.udp("www.corp.example")
        #expect(corporate?.addresses == [AnswerBook.address4("www.corp.example")])
        try daemon.reload(open)
        #expect(try daemon.client.udp("www.example")?.addresses.isEmpty == false)
    }

    @Test func aListThatNamesWhatAnswersLeadToEmptiesMemoryOfThese() throws {
        let server = try Fixture.server()
        let path = try write("nothing.example\n", as: "list")
        let daemon = try RunningDaemon(
            Fixture.caching([server]) + "[Filter]\nList=\(path)\n", servers: [server])
        let names = (0..<20).map { TestName("n\($0).example") } + ["cname.www.example"]
        for name in names { #expect(try daemon.client.udp(name)?.addresses.isEmpty == false) }
        #expect(server.record.queriesReceived == 21)
        _ = try write("alias1.cname.www.example\n", as: "list")
        let alias: TestName = "cname.www.example"
        #expect(try Self.becomes(daemon, alias) { $0.rcode == ResponseCode.nameError })
        let blocked = try daemon.client.tcp(PlainQuery(alias, edns: TestEDNS()))
        #expect(blocked?.rcode == ResponseCode.nameError)
        #expect(blocked?.message?.edns?.extendedError?.code == 15)
        // All others are still there.
        let asked = server.record.queriesReceived
        for name in names.dropLast() { #expect(try daemon.client.udp(name) != nil) }
        #expect(server.record.queriesReceived == asked)
    }
}
