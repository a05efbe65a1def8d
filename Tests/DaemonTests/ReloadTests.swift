import FaultTable
import NetAddress
import TestServers
import Testing

@testable import Daemon

/// A changed configuration: taken as a whole, or not at all.
@Suite struct ReloadTests {
    @Test func asksTheNewUpstream() throws {
        let (old, new) = (try Fixture.server(), try Fixture.server())
        let daemon = try RunningDaemon(asking: old)
        _ = try daemon.client.udp("before.example")
        try daemon.reload(Fixture.configuration([new]))
        let reply = try daemon.client.udp("after.example")
        #expect(reply?.addresses == [AnswerBook.address4("after.example")])
        #expect(old.record.queriesReceived == 1)
        #expect(new.record.queriesReceived == 1)
        // Nobody asks there any more, so nothing is kept open.
        #expect(old.wait { $0.connections.first?.end == .clientClosed })
    }

    @Test func keepsTheConnectionsOfUnchangedUpstreams() throws {
        let (kept, added) = (try Fixture.server(), try Fixture.server())
        let daemon = try RunningDaemon(asking: kept)
        _ = try daemon.client.udp("before.example")
        for servers in [[kept, added], [kept], [added, kept]] {
            try daemon.reload(
                Fixture.configuration(servers, sections: "[Upstream]\nTimeout=3s"))
        }
        added.stop()
        let reply = try daemon.client.udp("after.example")
        #expect(reply?.addresses == [AnswerBook.address4("after.example")])
        #expect(kept.record.connectionsAccepted == 1)
    }

    /// What is wrong with a file and what is said of it.
    @Test(arguments: [
        ("[Upstream]\nServr=127.0.0.1#dot.example\n", "dotproxy.conf:2:"),
        ("[Upstream]\nServer=127.0.0.1#dot.example\n[TLS]\nCAFile=/nowhere.pem\n", "CAFile="),
        ("", "Server="),
    ])
    func refusesABadFileAndGoesOn(_ bad: (text: String, words: String)) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("before.example")
        try daemon.reload(bad.text)
        #expect(daemon.status.contains("Reload refused"), "\(daemon.status)")
        #expect(daemon.status.contains(bad.words), "\(daemon.status)")
        let reply = try daemon.client.udp("after.example")
        #expect(reply?.addresses == [AnswerBook.address4("after.example")])
        #expect(server.record.connectionsAccepted == 1)
        try daemon.reload(Fixture.configuration([server]))
        #expect(!daemon.status.contains("Reload refused"), "\(daemon.status)")
    }

    @Test func doesNotUseTicketsOfOtherTrust() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("before.example")
        let other = try CertificateAuthority(commonName: "another root")
        let text = try Fixture.configuration([server]).replacing(
            Fixture.authority.get().pemFile, with: other.pemFile)
        try daemon.reload(text)
        let refused = try daemon.client.udp(PlainQuery("during.example", edns: TestEDNS()))
        #expect(refused?.rcode == ResponseCode.serverFailure)
        #expect(refused?.message?.edns?.extendedError?.text.contains("unknown issuer") == true)
        try daemon.reload(Fixture.configuration([server]))
        let reply = try daemon.client.udp("after.example")
        #expect(reply?.addresses == [AnswerBook.address4("after.example")])
        #expect(server.record.handshakesResumed == 0)
        #expect(server.record.queriesReceived == 2)
    }

    @Test func doesNotUseTicketsOfAnotherName() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("before.example")
        try daemon.reload(Fixture.configuration([server], name: "#other.test"))
        let refused = try daemon.client.udp(PlainQuery("during.example", edns: TestEDNS()))
        #expect(refused?.rcode == ResponseCode.serverFailure)
        #expect(server.record.queriesReceived == 1)
        #expect(server.record.handshakesResumed == 0)
    }

    @Test func answersWhatIsUnderWayWhileItReloads() throws {
        let (old, new) = (try Fixture.server(), try Fixture.server())
        let daemon = try RunningDaemon(asking: old)
        old.pauseAnswering()
        let client = try DatagramClient(to: daemon.endpoint)
        for number in 0..<50 {
            try client.send(PlainQuery(TestName("q\(number).example"), id: UInt16(number)))
        }
        #expect(old.wait { $0.queriesReceived == 50 })
        try daemon.reload(Fixture.configuration([new]))
        old.resumeAnswering()
        let replies = client.receive(50)
        #expect(replies.count == 50)
        for reply in replies {
            #expect(reply.addresses == [AnswerBook.address4(TestName("q\(reply.id ?? 0).example"))])
        }
        #expect(old.wait { $0.connectionsOpen == 0 })
    }

    @Test func isOverWhenTheWorkersHaveTheLastOneAndNoSooner() async throws {
        let (early, late) = try await Crew.run {
            let server = try Fixture.server()
            let gate = Guarded((begun: 0, allowed: Int.max))
            let text = try Fixture.configuration([server], sections: "[TLS]\nClockGrace=yes")
            // A worker looks at the clock whenever it takes a configuration, and waits there.
            let daemon = try RunningDaemon(
                text, servers: [server],
                clock: MachineClock {
                    let number = gate.withLock {
                        $0.begun += 1
                        return $0.begun
                    }
                    return !gate.wait(atMost: .seconds(20)) { $0.allowed >= number }
                })
            let start = daemon.notices.count
            let before = gate.withLock {
                $0.allowed = $0.begun
                return $0.begun
            }
            daemon.beginReload()
            try Crew.require(gate.wait(atMost: .seconds(10)) { $0.begun == before + 1 })
            daemon.beginReload()
            try Crew.require(daemon.wait(for: "RELOADING=1", count: 2, after: start))
            gate.withLock { $0.allowed = before + 1 }
            // Now the worker has said that it has the first, and is about to take the second.
            try Crew.require(gate.wait(atMost: .seconds(10)) { $0.begun == before + 2 })
            // What it has said was heard before this is begun.
            daemon.beginReload()
            try Crew.require(daemon.wait(for: "RELOADING=1", count: 3, after: start))
            let early = daemon.notices.dropFirst(start).contains { $0.contains("READY=1") }
            gate.withLock { $0.allowed = .max }
            return (early, daemon.wait(for: "READY=1", after: start))
        }
        #expect(!early)
        #expect(late)
    }

    @Test func manyReloadsUnderLoadLoseNothing() async throws {
        let (survey, connections) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try RunningDaemon(asking: server)
            let text = try Fixture.configuration([server])
            let reloads = Crew.start {
                for _ in 0..<100 { try daemon.reload(text) }
            }
            let survey = try Survey(daemon.endpoint, count: 300, every: .milliseconds(2))
            try reloads.wait()
            return (survey, server.record.connectionsAccepted)
        }
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(connections == 1)
    }
}
