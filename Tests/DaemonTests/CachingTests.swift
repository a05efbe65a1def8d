import LinuxIO
import NetAddress
import TestServers
import Testing

/// Answers from memory, in a daemon with real connections.
@Suite struct CachingTests {
    private static func query(_ name: TestName) -> PlainQuery {
        PlainQuery(name, edns: TestEDNS())
    }

    @Test func answersFromMemoryWithoutTheServer() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(Fixture.caching([server]), workers: 2, servers: [server])
        let first = try daemon.client.udp("www.example")
        server.stop()
        // Over UDP and TCP, and by whatever worker gets the query.
        for _ in 0..<10 {
            let second = try daemon.client.udp("WWW.example")
            #expect(second?.addresses == first?.addresses)
            let third = try daemon.client.tcp("www.example")
            #expect(third?.addresses == first?.addresses)
        }
        #expect(first?.addresses == [AnswerBook.address4("www.example")])
        #expect(server.record.queriesReceived == 1)
    }

    @Test func givesAnExpiredAnswerWhileTheServerIsDown() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(Fixture.caching([server]), servers: [server])
        let name: TestName = "ttl-1.www.example"
        let first = try daemon.client.udp(Self.query(name))
        #expect(first?.message?.lowestTTL == 1)
        server.stop()
        let deadline = Clock.monotonic() + .seconds(5)
        var stale: PlainReply?
        while Clock.monotonic() < deadline {
            stale = try daemon.client.udp(Self.query(name))
            if stale?.message?.edns?.extendedError != nil { break }
        }
        #expect(stale?.message?.edns?.extendedError?.code == 3)
        #expect(stale?.message?.lowestTTL == 30)
        #expect(stale?.addresses == [AnswerBook.address4(name)])
    }

    @Test func forgetsWhenItIsTold() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(Fixture.caching([server]), servers: [server])
        _ = try daemon.client.udp("www.example")
        _ = try daemon.client.udp("www.example")
        #expect(server.record.queriesReceived == 1)
        daemon.flush()
        // The supervisor forgets in its own time.
        let deadline = Clock.monotonic() + .seconds(5)
        while server.record.queriesReceived == 1, Clock.monotonic() < deadline {
            _ = try daemon.client.udp("www.example")
        }
        #expect(server.record.queriesReceived == 2)
    }

    @Test func keepsItsAnswersOverAReload() throws {
        let (old, new) = (try Fixture.server(), try Fixture.server())
        let daemon = try RunningDaemon(Fixture.caching([old]), servers: [old, new])
        _ = try daemon.client.udp("www.example")
        try daemon.reload(Fixture.caching([new]))
        let reply = try daemon.client.udp("www.example")
        #expect(reply?.addresses == [AnswerBook.address4("www.example")])
        #expect(new.record.queriesReceived == 0)
    }

    @Test func givesALargeAnswerFromMemoryWholeOverTCP() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(Fixture.caching([server]), servers: [server])
        let name: TestName = "txt-20000.www.example"
        let first = try daemon.client.tcp(name, RecordType.txt)
        let second = try daemon.client.tcp(name, RecordType.txt)
        let datagram = try daemon.client.udp(name, RecordType.txt)
        #expect((first?.bytes.count ?? 0) > 20_000)
        #expect(second?.message?.answers.map(\.data) == first?.message?.answers.map(\.data))
        #expect(datagram?.message?.isTruncated == true)
        #expect(server.record.queriesReceived == 1)
    }
}
