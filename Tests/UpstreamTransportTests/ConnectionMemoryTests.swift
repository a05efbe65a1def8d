import NetAddress
import TestServers
import Testing

@testable import Upstream
@testable import UpstreamTransport

/// What a connection holds in memory besides what GnuTLS has for it.
@Suite struct ConnectionMemoryTests {
    private static let bound = 64 << 10
    /// Ids and who waits for them, which the pool has for each connection.
    private static let inFlightOctets =
        Limits.inFlight * MemoryLayout<InFlightTable.Entry>.stride

    /// What one connection was seen to hold while nothing waited on it.
    private static func held(after waves: [[PlainQuery]]) throws -> [Int] {
        let authority = try CertificateAuthority()
        let server = try DoTServer(fault: .ok, authority: authority)
        let rig = try TransportRig(asking: server, authority)
        return try waves.map { try rig.ask($0) + inFlightOctets }
    }

    @Test func isBoundedAfterThousandsOfQueriesAtOnce() throws {
        let padding = TestEDNS.Option(code: 12, data: [UInt8](repeating: 0, count: 60))
        let queries = (0..<4000).map {
            PlainQuery(
                TestName("n\($0).example"), id: UInt16($0), edns: TestEDNS(options: [padding]))
        }
        let held = try Self.held(after: [queries, Array(queries.prefix(1)), queries])
        for octets in held { #expect(octets < Self.bound - 1024, "\(octets)") }
    }

    @Test func isBoundedAfterAnswersAsLongAsTheyCanBe() throws {
        let queries = (0..<20).map {
            PlainQuery(TestName("txt-60000.q\($0).example"), RecordType.txt, id: UInt16($0))
        }
        let held = try Self.held(after: [queries, Array(queries.prefix(1))])
        for octets in held { #expect(octets < Self.bound - 1024, "\(octets)") }
    }
}
