import FaultTable
import LinuxIO
import NetAddress
import TestServers
import Testing

/// Several upstreams, and one upstream over time.
@Suite struct UpstreamListTests {
    /// An address at which nothing listens.
    private static func refusingEndpoint() throws -> Endpoint {
        let server = try Fixture.server()
        server.stop()
        return server.endpoint
    }

    @Test func passesOverAnUpstreamThatRefuses() throws {
        let good = try Fixture.server()
        let daemon = try RunningDaemon(
            Fixture.configuration([
                "\(Self.refusingEndpoint())#dot.example", "\(good.endpoint)#dot.example",
            ]))
        let survey = try Survey(daemon.endpoint, count: 50, every: .milliseconds(5))
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(survey.slowest < .seconds(1))
        #expect(daemon.status.contains("down (Connection refused"), "\(daemon.status)")
    }

    @Test func passesOverAnUpstreamThatCannotBeReached() async throws {
        let survey = try await Crew.run {
            let hole = try SYNBlackHole()
            let good = try Fixture.server()
            let daemon = try RunningDaemon(
                Fixture.configuration([
                    "\(hole.endpoint)#dot.example", "\(good.endpoint)#dot.example",
                ]))
            return try Survey(daemon.endpoint, count: 60)
        }
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(survey.slowest < .seconds(1), "\(survey.summary)")
    }

    @Test func saysWhyWhenTheOnlyUpstreamCannotBeReached() async throws {
        let survey = try await Crew.run {
            let hole = try SYNBlackHole()
            let daemon = try RunningDaemon(
                Fixture.configuration(["\(hole.endpoint)#dot.example"]))
            return try Survey(daemon.endpoint, count: 3)
        }
        for outcome in survey.outcomes {
            guard case .failure(let rcode, let reason, let words) = outcome else {
                Issue.record("\(survey.summary)")
                continue
            }
            #expect(rcode == ResponseCode.serverFailure)
            #expect(reason == 22)
            #expect(words.contains("no TLS connection within 2 s"))
        }
        #expect(survey.slowest < .milliseconds(4600), "\(survey.summary)")
    }

    @Test func anUpstreamThatStandsStillDoesNotHoldAnythingUp() async throws {
        let (survey, queries) = try await Crew.run {
            let paused = try Fixture.server()
            let good = try Fixture.server()
            let daemon = try RunningDaemon(asking: paused, good)
            _ = try daemon.client.udp("first.example")
            paused.pauseAnswering()
            paused.pauseAccepting()
            let survey = try Survey(daemon.endpoint, count: 40)
            return (survey, good.record.queriesReceived)
        }
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(survey.slowest < .seconds(1), "\(survey.summary)")
        #expect(queries == 40)
    }

    @Test func returnsToThePreferredUpstream() async throws {
        let (before, after, status) = try await Crew.run {
            let preferred = try Fixture.server()
            let other = try Fixture.server()
            preferred.stop()
            let daemon = try RunningDaemon(asking: preferred, other)
            let before = try Survey(daemon.endpoint, count: 5, every: .zero)
            try preferred.start()
            // It is tried again at most 400 ms after it last refused.
            let isBack = preferred.wait(atMost: .seconds(2)) { $0.handshakesCompleted == 1 }
            try Crew.require(isBack)
            _ = daemon.wait(for: "\(preferred.endpoint)#dot.example healthy")
            other.clearRecord()
            let after = try Survey(daemon.endpoint, count: 5, every: .zero, zone: "after.example")
            try Crew.require(other.record.queriesReceived == 0)
            return (before, after, daemon.status)
        }
        #expect(before.outcomes.allSatisfy { $0 == .right }, "\(before.summary)")
        #expect(after.outcomes.allSatisfy { $0 == .right }, "\(after.summary)")
        #expect(status.contains("healthy"))
    }

    @Test(arguments: [Behavior.Closing.orderly, .abrupt, .reset])
    func connectsAgainAndResumes(_ closing: Behavior.Closing) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        for number in 0..<3 {
            let name = TestName("r\(number).example")
            let reply = try daemon.client.udp(name)
            #expect(reply?.addresses == [AnswerBook.address4(name)])
            server.closeConnections(closing)
        }
        let handshakes = server.record.connections.prefix(3).map(\.handshake)
        // A ticket does not outlive a failure, which it may have been the cause of.
        #expect(
            handshakes
                == (closing == .reset ? [.full, .full, .full] : [.full, .resumed, .resumed]))
    }

    @Test func resumesAfterTheServerClosedAnIdleConnection() throws {
        let server = try Fixture.server(
            options: DoTServerOptions().with { $0.idleTimeout = .milliseconds(100) })
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("one.example")
        #expect(server.wait { $0.connections.first?.end == .serverClosed })
        let reply = try daemon.client.udp("two.example")
        #expect(reply?.addresses == [AnswerBook.address4("two.example")])
        #expect(server.record.connections.map(\.handshake) == [.full, .resumed])
    }

    @Test func takesAFullHandshakeWhenTheTicketIsRefused() throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try daemon.client.udp("one.example")
        try server.rotateTicketKey()
        server.closeConnections()
        let reply = try daemon.client.udp("two.example")
        #expect(reply?.addresses == [AnswerBook.address4("two.example")])
        #expect(server.record.handshakesFull == 2)
    }

    @Test func closesAnIdleConnectionBeforeTheServerDoes() async throws {
        let connection = try await Crew.run {
            let server = try Fixture.server(
                book: {
                    var book = AnswerBook()
                    book.keepaliveTimeout = .seconds(1)
                    return book
                }())
            let daemon = try RunningDaemon(asking: server)
            _ = try daemon.client.udp("www.example")
            _ = server.wait(atMost: .seconds(5)) { $0.connectionsOpen == 0 }
            return try #require(server.record.connections.first)
        }
        #expect(connection.end == .clientClosed)
        let ended = try #require(connection.ended)
        #expect(ended - connection.accepted < .milliseconds(1500))
    }
}
