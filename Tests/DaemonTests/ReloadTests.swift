import FaultTable
import Glibc
import LinuxIO
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
            let gate = Gate()
            let text = try Fixture.configuration([server], sections: Gate.section)
            let daemon = try RunningDaemon(text, servers: [server], clock: gate.clock)
            let start = daemon.notices.count
            gate.close()
            daemon.beginReload()
            try Crew.require(gate.waitForArrivals(1))
            daemon.beginReload()
            try Crew.require(daemon.wait(for: "RELOADING=1", count: 2, after: start))
            gate.letOneThrough()
            // Now the worker has said that it has the first, and is about to take the second.
            try Crew.require(gate.waitForArrivals(2))
            // What it has said was heard before this is begun.
            daemon.beginReload()
            try Crew.require(daemon.wait(for: "RELOADING=1", count: 3, after: start))
            let early = daemon.notices.dropFirst(start).contains { $0.contains("READY=1") }
            gate.open()
            return (early, daemon.wait(for: "READY=1", after: start))
        }
        #expect(!early)
        #expect(late)
    }

    @Test func aRefusedReloadIsTheLastOneAndEndsNoOther() async throws {
        let (refused, reloaded, shown, status) = try await Crew.run {
            let server = try Fixture.server()
            let folder = try TemporaryFolder()
            // Named to the folder so that it goes with it.
            let socket = try folder.write([], as: "control")
            PrivateFile.remove(path: socket)
            let gate = Gate()
            let daemon = try RunningDaemon(
                Fixture.configuration(
                    [server], sections: "\(Gate.section)[Control]\nSocket=\(socket)\n"),
                servers: [server], clock: gate.clock)
            gate.close()
            let first = Crew.start { try ControlTool.run("reload", socket: socket) }
            try Crew.require(gate.waitForArrivals(1))
            try daemon.rewrite("[Upstream]\nServr=x\n")
            // The worker is held up, so whoever is answered now has not waited for it.
            let refused = try ControlTool.run("reload", socket: socket)
            try Crew.require(!first.isDone)
            gate.open()
            let reloaded = try first.wait()
            return (
                refused, reloaded, try ControlTool.run("status", socket: socket), daemon.status
            )
        }
        #expect(refused.code == 1)
        #expect(refused.complaint == "dotproxyctl: not reloaded, the old configuration is in use\n")
        #expect(reloaded.code == 0)
        #expect(reloaded.output == "1 upstream(s)\n")
        #expect(shown.code == 1)
        #expect(shown.output.contains("REFUSED, the old configuration is in use: "))
        #expect(status.contains("Reload refused"), "\(status)")
    }

    /// All numbers of routes are used, so that those of before are given to other servers.
    @Test func answersKeptUntilAllWorkersHaveNewNumbersAreForgotten() async throws {
        let (before, kept, after) = try await Crew.run {
            let server = try Fixture.server()
            func text(route: Int) throws -> String {
                try Fixture.caching([server]) + Gate.section
                    + "[Route corp.example]\nTransport=plain\nServer=127.0.0.1:\(route)\n"
            }
            let gate = Gate()
            let daemon = try RunningDaemon(
                text(route: 1), workers: 2, servers: [server], clock: gate.clock)
            for number in 2...31 { try daemon.reload(text(route: number)) }
            _ = try daemon.client.udp("early.example")
            let start = daemon.notices.count
            gate.close(sparingOne: true)
            // No number is left, and answers are forgotten; then one is left again.
            try daemon.rewrite(text(route: 32))
            daemon.beginReload()
            try Crew.require(gate.waitForArrivals(1))
            _ = try daemon.client.udp("early.example")
            let before = server.record.queriesReceived
            try daemon.rewrite(text(route: 33))
            daemon.beginReload()
            try Crew.require(daemon.wait(for: "RELOADING=1", count: 2, after: start))
            _ = try daemon.client.udp("late.example")
            for name in ["early.example", "late.example"] as [TestName] {
                _ = try daemon.client.udp(name)
            }
            let kept = server.record.queriesReceived
            gate.open()
            try Crew.require(daemon.wait(for: "READY=1", after: start))
            for name in ["early.example", "late.example"] as [TestName] {
                _ = try daemon.client.udp(name)
            }
            return (before, kept, server.record.queriesReceived)
        }
        #expect(before == 2)
        #expect(kept == 3)
        #expect(after == 5)
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

/// Holds up workers that take a configuration, for they look at the clock then.
private final class Gate: Sendable {
    private struct State {
        var isClosed = false
        /// The thread that is not held up.
        var spared: pthread_t?
        var isOneSpared = false
        /// How many have come since it was closed, and how many of these may go on.
        var arrivals = 0
        var passes = 0
    }

    /// What makes workers look at the clock.
    static let section = "[TLS]\nClockGrace=yes\n"
    private let state = Guarded(State())

    /// A clock that is right, for whoever gets through.
    var clock: MachineClock {
        MachineClock { [state] in
            let thread = pthread_self()
            let number = state.withLock { state -> Int? in
                guard state.isClosed else { return nil }
                if state.isOneSpared, state.spared == nil { state.spared = thread }
                guard state.spared != thread else { return nil }
                state.arrivals += 1
                return state.arrivals
            }
            guard let number else { return false }
            _ = state.wait(atMost: .seconds(20)) { !$0.isClosed || $0.passes >= number }
            return false
        }
    }

    /// Holds up everybody, or all but the first who comes.
    func close(sparingOne: Bool = false) {
        state.withLock { $0 = State(isClosed: true, isOneSpared: sparingOne) }
    }

    func open() {
        state.withLock { $0.isClosed = false }
    }

    func letOneThrough() {
        state.withLock { $0.passes += 1 }
    }

    /// Waits until so many have been held up since it was closed.
    func waitForArrivals(_ count: Int) -> Bool {
        state.wait(atMost: .seconds(10)) { $0.arrivals >= count }
    }
}
