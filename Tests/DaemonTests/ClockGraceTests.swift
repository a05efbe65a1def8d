import LinuxIO
import NetAddress
import TestServers
import Testing

@testable import Daemon

/// Dates of certificates while nobody knows what time it is.
@Suite struct ClockGraceTests {
    /// What became of two queries, one while the clock was in doubt and one after.
    private struct Course {
        var inDoubt: PlainReply?
        var queries = 0
        var after: PlainReply?
        var connections = 0
        var resumed = 0
    }

    private static func play(_ fault: FaultMode, grace: String) throws -> Course {
        let server = try Fixture.server(fault)
        let isDoubtful = Guarded(true)
        let daemon = try RunningDaemon(
            Fixture.configuration([server], sections: "[TLS]\nClockGrace=\(grace)"),
            servers: [server], clock: MachineClock { isDoubtful.withLock { $0 } })
        var course = Course()
        course.inDoubt = try daemon.client.udp(PlainQuery("one.example", edns: TestEDNS()))
        course.queries = server.record.queriesReceived
        isDoubtful.withLock { $0 = false }
        // The clock is looked at once a second, as queries come.
        for number in 0..<40 {
            let name = TestName("q\(number).example")
            course.after = try daemon.client.udp(PlainQuery(name, edns: TestEDNS()))
            if course.after?.rcode != 0 { break }
            _ = server.wait(atMost: .milliseconds(100)) { _ in false }
        }
        course.connections = server.record.connectionsAccepted
        course.resumed = server.record.handshakesResumed
        return course
    }

    @Test(arguments: [FaultMode.expired, .future])
    func datesDoNotCountUntilTheClockIsRight(_ fault: FaultMode) async throws {
        let course = try await Crew.run { try Self.play(fault, grace: "yes") }
        #expect(course.inDoubt?.addresses == [AnswerBook.address4("one.example")])
        let error = course.after?.message?.edns?.extendedError
        #expect(course.after?.rcode == ResponseCode.serverFailure)
        #expect(error?.text.contains("certificate") == true, "\(error?.text ?? "none")")
        // Neither another connection nor a ticket outlives the doubt.
        #expect(course.resumed == 0)
    }

    @Test(arguments: [
        (FaultMode.expired, "no"), (.wrongName, "yes"), (.selfSigned, "yes"), (.weak, "yes"),
        (.clientCertificate, "yes"),
    ]) func nothingElseIsForgiven(fault: FaultMode, grace: String) async throws {
        let course = try await Crew.run { try Self.play(fault, grace: grace) }
        #expect(course.inDoubt?.rcode == ResponseCode.serverFailure)
        #expect(course.queries == 0)
    }

    @Test(arguments: [
        (Int64(99), true as Bool?, true), (99, nil, true), (100, nil, false), (100, true, false),
        (100, false, true),
    ]) func doubts(time: Int64, isSynchronized: Bool?, isDoubtful: Bool) {
        #expect(
            MachineClock.isDoubtful(at: time, buildTime: 100, isSynchronized: isSynchronized)
                == isDoubtful)
    }
}
