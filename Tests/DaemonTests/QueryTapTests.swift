import FrameStream
import NetAddress
import TestServers
import Testing
import Upstream

@testable import Daemon

/// Single messages of dnstap, as BIND reads them.
@Suite struct QueryTapTests {
    private static let client = Endpoint(
        address: IPAddress(v6High: 0x2001_0db8_0000_0000, low: 0x53), port: 4711)
    private static let local = Endpoint(
        address: IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1), port: 53)
    private static let server = Endpoint(address: IPAddress(v4: 0xc000_0235), port: 853)

    /// What `dnstap-read` says of one message that says NXDOMAIN.
    private static func read(
        _ kind: QueryTap.Event.Kind, _ parties: QueryTap.Event.Parties, _ carrier: Carrier
    ) async throws -> String {
        try await Crew.run {
            let folder = try TemporaryFolder()
            let path = try FrameCapture.socket(in: folder)
            let capture = try FrameCapture(at: path, in: folder)
            let tap = QueryTap(
                path: path, queues: 1, counts: FrameCounts(), host: "here", version: "9"
            ) { _ in }
            let header: [UInt8] = [0x12, 0x34, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]
            let message = header + [1, 0x61, 0, 0, 1, 0, 1]
            let event = QueryTap.Event(
                kind: kind, parties: parties, carrier: carrier,
                time: .init(microseconds: 1_700_000_000_123_456))
            tap.tell(event, message.span.bytes, queue: 0)
            tap.close()
            return try capture.dnstap("-y")
        }
    }

    @Test func aQueryFromIPv6() async throws {
        let text = try await Self.read(
            .query, .client(Self.client, at: Self.local), .datagram)
        for line in [
            "identity: here", "version: dotproxy 9", "  type: CLIENT_QUERY",
            "  query_time: !!timestamp 2023-11-14T22:13:20Z", "  message_size: 19b",
            "  socket_family: INET6", "  socket_protocol: UDP",
            "  query_address: \"2001:db8::53\"", "  query_port: 4711",
            "  response_address: \"2001:db8::1\"", "  response_port: 53",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        #expect(!text.contains("response_time"))
    }

    @Test func anAnswerToAQueryOfWhichTheTimeIsNotKnown() async throws {
        let text = try await Self.read(
            .answer(to: nil), .client(Self.client, at: nil), .stream)
        for line in [
            "  type: CLIENT_RESPONSE", "  response_time: !!timestamp 2023-11-14T22:13:20Z",
            "  socket_protocol: TCP", "    status: NXDOMAIN",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        #expect(!text.contains("query_time"))
        #expect(!text.contains("response_port: 53"))
    }

    @Test func aQueryToAServer() async throws {
        let text = try await Self.read(.query, .server(Self.server), .tls)
        for line in [
            "  type: FORWARDER_QUERY", "  query_time: !!timestamp 2023-11-14T22:13:20Z",
            "  socket_family: INET", "  response_address: \"192.0.2.53\"", "  response_port: 853",
            "  query_message: |",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        #expect(!text.contains("query_address") && !text.contains("query_port"))
    }

    @Test func anAnswerOfAServer() async throws {
        let time = QueryTap.Timestamp(microseconds: 1_699_999_999_000_000)
        let text = try await Self.read(.answer(to: time), .server(Self.server), .stream)
        for line in [
            "  type: FORWARDER_RESPONSE", "  response_time: !!timestamp 2023-11-14T22:13:20Z",
            "  socket_protocol: TCP", "  response_address: \"192.0.2.53\"",
            "  response_message: |", "    status: NXDOMAIN",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
    }
}
