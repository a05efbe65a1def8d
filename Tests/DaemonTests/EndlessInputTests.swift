import FaultTable
import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

/// Upstreams that go on for ever: neither memory nor the processor is theirs, and others notice
/// nothing.
@Suite struct EndlessInputTests {
    /// What a daemon came to beside such an upstream.
    private struct Cost {
        let survey: Survey
        /// Processor time in clock ticks of 10 ms, and of what span.
        let ticks: Int
        let span: Interval
        let growth: Int

        /// The processor's hundredths that it took.
        var percent: Int { ticks * 1_000_000 / max(Int(span.microseconds), 1) }
    }

    /// Asks a daemon whose preferred upstream behaves like this, and whose other one is good.
    private static func cost(
        _ behavior: Behavior, beside good: DoTServer? = nil, count: Int = 100
    ) throws -> (Cost, ServerRecord) {
        let server = try Fixture.server()
        server.behavior = behavior
        let daemon = try DaemonProcess(Fixture.configuration([server] + (good.map { [$0] } ?? [])))
        _ = try Survey(daemon.endpoint, count: 10, zone: "warm.example")
        let (memory, ticks, start) = (
            try daemon.residentMemory(), try daemon.processorTicks(), Clock.monotonic()
        )
        let survey = try Survey(daemon.endpoint, count: count)
        let cost = Cost(
            survey: survey, ticks: try daemon.processorTicks() - ticks,
            span: Clock.monotonic() - start, growth: try daemon.residentMemory() - memory)
        return (cost, server.record)
    }

    /// What never ends, and how much of the processor it may take.
    static let behaviors: [(words: String, percent: Int, behavior: Behavior)] = [
        (
            "handshake", 60,
            Behavior().with { $0.opening = .drip(every: Interval(microseconds: 100)) }
        ),
        (
            "a record every 10 s", 10,
            Behavior().with { $0.pacing = .records(of: 1, every: .seconds(10)) }
        ),
        (
            "large answers an octet at a time", 100,
            Behavior().with {
                $0.pacing = .records(of: 1, every: .zero)
                $0.distortion = .enlarged
            }
        ),
        (
            "what nobody asked for", 60,
            Behavior().with { $0.unsolicitedEvery = Interval(microseconds: 200) }
        ),
    ]

    @Test(arguments: behaviors.indices)
    func othersNoticeNothing(_ place: Int) async throws {
        let row = Self.behaviors[place]
        let (cost, record) = try await Crew.run {
            let first = try Self.cost(row.behavior, beside: Fixture.server())
            return first.0.survey.slowest <= .seconds(1)
                ? first : try Self.cost(row.behavior, beside: Fixture.server())
        }
        #expect(cost.survey.outcomes.allSatisfy { $0 == .right }, "\(cost.survey.summary)")
        #expect(cost.survey.slowest <= .seconds(1), "\(cost.survey.slowest)")
        #expect(cost.percent <= row.percent, "\(cost.percent) %")
        #expect(cost.growth < 4096, "\(cost.growth) KiB")
        #expect(record.connectionsAccepted <= 20)
    }

    @Test func oneQuestionWithoutAnAnswerIsNobodysFault() async throws {
        let (others, lost, record) = try await Crew.run {
            let server = try Fixture.server()
            server.behavior = Behavior().with { $0.silence = .below("lost.example") }
            let daemon = try RunningDaemon(asking: server)
            let endpoint = daemon.endpoint
            let lost = Crew.start { try Survey(endpoint, count: 1, zone: "lost.example") }
            let others = try Survey(endpoint, count: 100)
            return (others, try lost.wait(), server.record)
        }
        #expect(others.outcomes.allSatisfy { $0 == .right }, "\(others.summary)")
        #expect(others.slowest <= .seconds(1), "\(others.slowest)")
        #expect(lost.outcomes.first.map { FaultMode.Expectation.failure(22).allows($0) } == true)
        #expect(lost.slowest <= .milliseconds(4600))
        #expect(record.connectionsAccepted <= 2)
    }

    @Test func aThousandQueriesASecondMakeNoMoreConnections() async throws {
        let (cost, record) = try await Crew.run {
            let server = try Fixture.server(.handshakeClose)
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            let (ticks, start) = (try daemon.processorTicks(), Clock.monotonic())
            let survey = try Survey(
                daemon.endpoint, count: 4000, every: .milliseconds(1), zone: "many.example")
            let cost = Cost(
                survey: survey, ticks: try daemon.processorTicks() - ticks,
                span: Clock.monotonic() - start, growth: 0)
            return (cost, server.record)
        }
        #expect(cost.survey.outcomes.allSatisfy { FaultMode.Expectation.failure(23).allows($0) })
        // The first, and then one in 430 ms.
        let bound = 2 + Int(cost.span.microseconds / 430_000)
        #expect(record.connectionsAccepted <= bound, "\(record.connectionsAccepted)")
        // Debug code; what matters is that it is no busy loop.
        #expect(cost.percent < 60, "\(cost.percent) %")
    }

    @Test func anUpstreamThatIsDownCostsNothingWhileNobodyAsks() async throws {
        let ticks = try await Crew.run {
            let server = try Fixture.server()
            server.stop()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            _ = try daemon.client.udp("www.example")
            let before = try daemon.processorTicks()
            _ = server.wait(atMost: .seconds(2)) { _ in false }
            return try daemon.processorTicks() - before
        }
        #expect(ticks <= 10, "\(ticks)")
    }

    @Test func manyQueriesAtOnceMakeOneConnection() async throws {
        let (survey, record) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try RunningDaemon(asking: server)
            return (try Survey(daemon.endpoint, count: 200, every: .zero), server.record)
        }
        #expect(survey.outcomes.allSatisfy { $0 == .right }, "\(survey.summary)")
        #expect(record.connectionsAccepted == 1)
    }
}
