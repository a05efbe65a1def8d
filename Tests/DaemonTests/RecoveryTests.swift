import FaultTable
import NetAddress
import TestServers
import Testing

/// What clients get while the only upstream is down, and how soon it is used when it is back.
@Suite struct RecoveryTests {
    struct Outage: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let begin: @Sendable (DoTServer) throws -> Void
        var end: @Sendable (DoTServer) throws -> Void = { try $0.start() }

        /// An outage in which the server behaves as in `fault`, on connections of that time alone
        /// where those that are open are closed first.
        static func behaving(
            as fault: FaultMode, _ description: String, closing: Bool = true
        ) -> Outage {
            Outage(testDescription: description) {
                $0.behavior = fault.behavior
                if closing { $0.closeConnections() }
            } end: {
                $0.behavior = Behavior()
            }
        }
    }

    static let outages = [
        Outage(testDescription: "refuses") { $0.stop() },
        .behaving(as: .handshakeClose, "takes connections and closes them"),
        .behaving(as: .handshakeReset, "takes connections and resets them"),
        Outage(testDescription: "speaks no version of TLS that we do") {
            $0.reconfigure { $0.priority = FaultMode.tls11.priority ?? $0.priority }
            $0.closeConnections()
        } end: {
            $0.reconfigure { $0.priority = DoTServerOptions().priority }
        },
        .behaving(as: .closeAfterHandshake, "closes connections that are up"),
        .behaving(as: .wrongQuestionName, "answers something else", closing: false),
        .behaving(as: .handshakeStall, "never shakes hands on connections of that time"),
        Outage(testDescription: "takes no connection from the kernel") {
            $0.pauseAccepting()
            $0.closeConnections()
        } end: {
            $0.resumeAccepting()
        },
        .behaving(as: .blackHole, "drops queries", closing: false),
        Outage(testDescription: "holds answers back") {
            $0.pauseAnswering()
        } end: {
            $0.resumeAnswering()
        },
    ]

    /// What was seen of one outage.
    private struct Course {
        let during: Survey
        let after: Survey
        let connections: Int
        static let pace = Interval.milliseconds(20)

        /// How long after the end the first query with a right answer was sent.
        var lag: Interval? {
            after.outcomes.firstIndex(of: .right).map {
                Interval(microseconds: Self.pace.microseconds * UInt64($0))
            }
        }
        var isLate: Bool {
            lag ?? .seconds(9) > .milliseconds(500) || during.median > .milliseconds(10)
        }
    }

    @Test(arguments: outages)
    func failsAtOnceAndIsBackWithinHalfASecond(_ outage: Outage) async throws {
        let course = try await Crew.run {
            // What holds up a busy machine does not come back, what holds up the daemon does.
            let first = try Self.play(outage)
            return first.isLate ? try Self.play(outage) : first
        }
        for outcome in course.during.outcomes {
            guard case .failure(ResponseCode.serverFailure, .some, let words) = outcome,
                !words.isEmpty
            else {
                Issue.record("\(course.during.summary)")
                break
            }
        }
        #expect(course.during.median <= .milliseconds(10), "\(course.during.latencies)")
        let first = try #require(course.after.outcomes.firstIndex(of: .right))
        #expect(course.lag ?? .seconds(9) <= .milliseconds(500))
        #expect(
            course.after.outcomes[first...].allSatisfy { $0 == .right }, "\(course.after.summary)")
        #expect(course.connections <= 20)
    }

    private static func play(_ outage: Outage) throws -> Course {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(asking: server)
        _ = try Survey(daemon.endpoint, count: 3, zone: "before.example")
        try outage.begin(server)
        // For as long as what hangs may be about to answer, it is waited for.
        _ = try Survey(daemon.endpoint, count: 45, every: .milliseconds(100), zone: "first.example")
        server.clearRecord()
        let before = server.record.connectionsAccepted
        let during = try Survey(daemon.endpoint, count: 40, zone: "during.example")
        let connections = server.record.connectionsAccepted - before
        try outage.end(server)
        let after = try Survey(
            daemon.endpoint, count: 75, every: Course.pace, zone: "after.example")
        return Course(during: during, after: after, connections: connections)
    }
}
