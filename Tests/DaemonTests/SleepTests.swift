import FaultTable
import LinuxIO
import NetAddress
import TestServers
import Testing

@testable import Daemon

/// A machine that has been asleep, as far as its clocks tell.
@Suite struct SleepTests {
    /// What was seen of the first queries after it woke up.
    private struct Course {
        let survey: Survey
        let connections: Int
        let resumed: Int
    }

    /// Opens a connection to each of `servers`, has them forget it without a word, and sleeps.
    ///
    /// With `isStill`, it is the worker alone that stands still for that time.
    private static func play(
        servers count: Int, sleeping time: Interval, isStill: Bool = false
    ) throws -> Course {
        let servers = try (0..<count).map { _ in try Fixture.server() }
        let slept = Guarded(Interval.zero)
        let clock = MachineClock(
            monotonic: { Clock.monotonic() + (isStill ? slept.withLock { $0 } : .zero) },
            bootTime: { Clock.bootTime() + slept.withLock { $0 } }, isDoubtful: { false })
        let policy = count > 1 ? "[Upstream]\nPolicy=race\n" : ""
        let daemon = try RunningDaemon(
            Fixture.configuration(servers, sections: policy), servers: servers, clock: clock)
        // One that is over leaves nothing that would be waited for.
        _ = try Survey(daemon.endpoint, count: 10, every: .milliseconds(5), zone: "before.example")
        for server in servers {
            let first = server.record.connectionsAccepted
            server.behavior = Behavior().with {
                $0.answers = { query in
                    query.connection < first ? [] : [AnswerBook().answer(to: query.message)]
                }
            }
        }
        let before = servers.map(\.record)
        slept.withLock { $0 = time }
        let survey = try Survey(daemon.endpoint, count: 5, zone: "after.example")
        let after = servers.map(\.record)
        return Course(
            survey: survey,
            connections: zip(after, before).reduce(0) {
                $0 + $1.0.connectionsAccepted - $1.1.connectionsAccepted
            },
            resumed: zip(after, before).reduce(0) {
                $0 + $1.0.handshakesResumed - $1.1.handshakesResumed
            })
    }

    @Test(arguments: [1, 2])
    func theFirstQueryIsAnsweredOverANewConnection(servers: Int) async throws {
        let course = try await Crew.run {
            // What holds up a busy machine does not come back, what holds up the daemon does.
            let first = try Self.play(servers: servers, sleeping: .seconds(3600))
            return first.survey.slowest <= .milliseconds(500)
                ? first : try Self.play(servers: servers, sleeping: .seconds(3600))
        }
        #expect(course.survey.outcomes.allSatisfy { $0 == .right }, "\(course.survey.summary)")
        #expect(course.survey.slowest <= .milliseconds(500))
        #expect(course.connections == servers)
        #expect(course.resumed == servers)
    }

    @Test(arguments: [
        (Interval.milliseconds(900), false), (Interval.seconds(3600), true),
    ])
    func aMomentIsNoSleepAndNeitherIsStandingStill(time: Interval, isStill: Bool) async throws {
        let course = try await Crew.run {
            try Self.play(servers: 1, sleeping: time, isStill: isStill)
        }
        // The connections are dead all the same, which their silence tells.
        #expect(course.survey.outcomes.allSatisfy { $0 == .right }, "\(course.survey.summary)")
        #expect(course.survey.slowest > .milliseconds(900))
    }
}
