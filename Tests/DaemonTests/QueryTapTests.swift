import Forwarder
import FrameStream
import NetAddress
import TestServers
import Testing

@testable import Daemon

/// Single messages of dnstap, as BIND reads them.
@Suite struct QueryTapTests {
    /// What `dnstap-read` says of one message that says NXDOMAIN.
    private static func read(_ event: QueryTap.Event) async throws -> String {
        let (client, transport, kind) = (event.client, event.transport, event.kind)
        return try await Crew.run {
            let folder = try TemporaryFolder()
            let path = try FrameCapture.socket(in: folder)
            let capture = try FrameCapture(at: path, in: folder)
            let tap = QueryTap(
                path: path, queues: 1, counts: FrameCounts(), host: "here", version: "9"
            ) { _ in }
            let header: [UInt8] = [0x12, 0x34, 0x81, 0x83, 0, 1, 0, 0, 0, 0, 0, 0]
            let message = header + [1, 0x61, 0, 0, 1, 0, 1]
            let event = QueryTap.Event(
                kind: kind, client: client, transport: transport,
                time: .init(microseconds: 1_700_000_000_123_456))
            tap.tell(event, message.span.bytes, queue: 0)
            tap.close()
            return try capture.dnstap("-y")
        }
    }

    private static func event(_ kind: QueryTap.Event.Kind, _ transport: Transport) -> QueryTap.Event
    {
        let address = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 0x53)
        return QueryTap.Event(
            kind: kind, client: Endpoint(address: address, port: 4711), transport: transport,
            time: .init(microseconds: 0))
    }

    @Test func aQueryFromIPv6() async throws {
        let text = try await Self.read(Self.event(.query, .datagram))
        for line in [
            "identity: here", "version: dotproxy 9", "  type: CLIENT_QUERY",
            "  query_time: !!timestamp 2023-11-14T22:13:20Z", "  message_size: 19b",
            "  socket_family: INET6", "  socket_protocol: UDP",
            "  query_address: \"2001:db8::53\"", "  query_port: 4711",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        #expect(!text.contains("response_time"))
    }

    @Test func anAnswerToAQueryOfWhichTheTimeIsNotKnown() async throws {
        let text = try await Self.read(Self.event(.answer(to: nil), .stream))
        for line in [
            "  type: CLIENT_RESPONSE", "  response_time: !!timestamp 2023-11-14T22:13:20Z",
            "  socket_protocol: TCP", "    status: NXDOMAIN",
        ] {
            #expect(text.contains("\(line)\n"), "\(line)")
        }
        #expect(!text.contains("query_time"))
    }
}
