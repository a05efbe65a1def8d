import FaultTable
import LinuxIO
import NetAddress
import TestServers
import Testing

/// The end of a daemon: what it has read is answered, what it has not stays in the socket.
@Suite struct DrainTests {
    @Test func answersWhatIsUnderWay() throws {
        let server = try Fixture.server()
        server.pauseAnswering()
        let daemon = try RunningDaemon(asking: server)
        let datagrams = try DatagramClient(to: daemon.endpoint)
        let stream = try StreamClient(to: daemon.endpoint)
        for number in 0..<20 {
            let id = UInt16(number)
            try datagrams.send(PlainQuery(TestName("q\(number).udp.example"), id: id))
            try stream.send(PlainQuery(TestName("q\(number).tcp.example"), id: id))
        }
        #expect(server.wait { $0.queriesReceived == 40 })
        daemon.beginStop()
        #expect(daemon.wait(for: "STOPPING=1"))
        server.resumeAnswering()
        #expect(Set(datagrams.receive(20).compactMap(\.id)) == Set(0..<20))
        #expect(Set(stream.receive(20).compactMap(\.id)) == Set(0..<20))
        #expect(stream.isClosed())
        #expect(daemon.waitForEnd() == 0)
        #expect(server.wait { $0.connections.first?.end == .clientClosed })
    }

    @Test func answersWhatItHasReadOfAStream() throws {
        let server = try Fixture.server()
        server.pauseAnswering()
        let daemon = try RunningDaemon(asking: server)
        let stream = try StreamClient(to: daemon.endpoint)
        try stream.send((0..<300).map { PlainQuery(TestName("q\($0).example"), id: UInt16($0)) })
        // As many as one client may have under way; the others are read and wait.
        #expect(server.wait { $0.queriesReceived == 100 })
        daemon.beginStop()
        #expect(daemon.wait(for: "STOPPING=1"))
        server.resumeAnswering()
        #expect(Set(stream.receive(300).compactMap(\.id)) == Set(0..<300))
        #expect(stream.isClosed())
        #expect(daemon.waitForEnd() == 0)
    }

    @Test func waitsForAClientThatIsStillReading() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        let stream = try StreamClient(to: daemon.endpoint, receiveBuffer: 65_536)
        // With its first answers unread, no more of a client's queries are taken.
        server.pauseAnswering()
        // More than the kernel takes.
        try stream.send(
            (0..<100).map {
                PlainQuery(
                    TestName("txt-60000.q\($0).example"), RecordType.txt, id: UInt16($0))
            })
        #expect(server.wait { $0.queriesReceived >= 100 })
        server.resumeAnswering()
        // More where a slow machine made it look silent, and some were asked again.
        #expect(server.wait(atMost: .seconds(20)) { $0.answersSent >= 100 })
        // Its answer comes after theirs, so the daemon has taken them all.
        #expect(try daemon.client.udp("last.example") != nil)
        daemon.beginStop()
        #expect(daemon.wait(for: "STOPPING=1"))
        #expect(stream.receive(100).count == 100)
        #expect(daemon.waitForEnd() == 0)
    }

    @Test func doesNotWaitForAnUpstreamThatIsSilent() async throws {
        let (code, took) = try await Crew.run {
            let server = try Fixture.server(.blackHole)
            let daemon = try RunningDaemon(asking: server)
            try DatagramClient(to: daemon.endpoint).send(PlainQuery("www.example"))
            _ = server.wait { $0.queriesReceived == 1 }
            let start = Clock.monotonic()
            return (daemon.stop(), Clock.monotonic() - start)
        }
        #expect(code == 0)
        #expect(took < .seconds(3))
    }

    @Test func anIdleDaemonEndsAtOnce() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("www.example")
        let idle = try StreamClient(to: daemon.endpoint)
        let start = Clock.monotonic()
        #expect(daemon.stop() == 0)
        #expect(Clock.monotonic() - start < .seconds(1))
        #expect(idle.isClosed())
    }

    /// Ten daemons one after the other on the same sockets, under a stream of queries.
    @Test func nothingIsLostBetweenDaemons() async throws {
        let survey = try await Crew.run {
            let server = try Fixture.server()
            let sockets = try ListeningSockets()
            let text = try Fixture.configuration([server])
            let restarts = Crew.start {
                for _ in 0..<10 {
                    let daemon = try RunningDaemon(text, on: sockets)
                    _ = try daemon.client.tcp("tcp.example")
                    try Crew.require(daemon.stop() == 0)
                }
                return try RunningDaemon(text, on: sockets)
            }
            let survey = try Survey(sockets.endpoint, count: 500, every: .milliseconds(1))
            _ = try restarts.wait()
            return survey
        }
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
    }
}
