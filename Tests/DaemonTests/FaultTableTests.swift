import FaultTable
import NetAddress
import TestServers
import Testing

/// The table of faults that docs/upstreams.md shows, held to its targets in a shorter form.
@Suite struct FaultTableTests {
    private static let shortening: UInt64 = 4

    static let rows = FaultRow.all.filter { !$0.needsNetwork }

    @Test(arguments: rows.map(\.name))
    func targetIsMet(_ name: String) async throws {
        let row = try #require(Self.rows.first { $0.name == name })
        let finding = try await Crew.run {
            let bench = Bench(
                authority: try Fixture.authority.get(), shortening: Self.shortening,
                slack: .milliseconds(100)
            ) { upstreams in try DaemonSubject(asking: upstreams) }
            // What holds up a busy machine does not come back, what holds up the daemon does.
            let first = try row.run(bench)
            return first.meetsTarget ? first : try row.run(bench)
        }
        #expect(finding.meetsTarget, "\(row.fault): \(finding.text), wanted \(row.target)")
    }
}

/// The daemon of this process as a subject of the table.
private final class DaemonSubject: Subject {
    private let daemon: RunningDaemon

    init(asking upstreams: [Endpoint]) throws {
        daemon = try RunningDaemon(
            Fixture.configuration(upstreams.map { "\($0)#\(Bench.name)" }))
    }

    var endpoint: Endpoint { daemon.endpoint }

    func stop() { daemon.stop() }
}
