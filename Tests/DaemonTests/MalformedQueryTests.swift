import TestServers
import Testing

/// Messages of clients that are no proper queries, over UDP and TCP (docs/query-path.md).
@Suite struct MalformedQueryTests {
    /// What a client sends and what it deserves.
    struct Row: Sendable, CustomTestStringConvertible {
        enum Verdict: Sendable, Equatable {
            case drop
            /// A header alone; over TCP the frame is passed over.
            case formatError
            /// An answer made here, with the question, and with OPT where the query had it.
            case refuse(UInt16)
            /// NOTIMP, a header alone, over both transports.
            case notImplemented
            case forward
        }

        let testDescription: String
        let verdict: Verdict
        let message: [UInt8]

        init(_ description: String, _ verdict: Verdict, _ message: [UInt8]) {
            (testDescription, self.verdict, self.message) = (description, verdict, message)
        }
    }

    @Test(arguments: MalformedQueries.rows)
    func overUDP(_ row: Row) async throws {
        let (reply, queries) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try RunningDaemon(asking: server)
            let client = try DatagramClient(to: daemon.endpoint)
            try client.send(row.message)
            // Comes after everything that the message before it brings, on a sane path.
            try client.send(Self.canary)
            var replies = client.receive(row.verdict == .drop ? 1 : 2)
            replies.removeAll { $0.id == Self.canary.id }
            return (replies.first, server.record.queriesReceived)
        }
        expect(reply, row)
        #expect(queries == (row.verdict == .forward ? 2 : 1))
    }

    @Test(arguments: MalformedQueries.rows.filter { !$0.message.isEmpty })
    func overTCP(_ row: Row) async throws {
        let (reply, queries) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try RunningDaemon(asking: server)
            let client = try StreamClient(to: daemon.endpoint)
            try client.sendRaw(row.message.framed + Self.canary.bytes.framed)
            let isSilent = row.verdict == .drop || row.verdict == .formatError
            var replies = client.receive(isSilent ? 1 : 2)
            replies.removeAll { $0.id == Self.canary.id }
            return (replies.first, server.record.queriesReceived)
        }
        if row.verdict == .formatError {
            #expect(reply == nil)
        } else {
            expect(reply, row)
        }
        #expect(queries == (row.verdict == .forward ? 2 : 1))
    }

    private static let canary = PlainQuery("canary.example", id: 0xcafe)

    private func expect(_ reply: PlainReply?, _ row: Row) {
        let message = reply?.message
        switch row.verdict {
        case .drop: #expect(reply == nil)
        case .formatError, .notImplemented:
            let rcode =
                row.verdict == .formatError
                ? ResponseCode.formatError : ResponseCode.notImplemented
            #expect(reply?.bytes.count == 12)
            #expect(message?.counts == [0, 0, 0, 0])
            // QR, and OPCODE and RD as they came; all else is clear.
            let kept = UInt16(row.message[2]) << 8 & 0x7900
            #expect(message?.flags == 0x8000 | kept | rcode)
        case .refuse(let rcode):
            #expect(message?.rcode == rcode)
            #expect(message?.answers == [])
            #expect(message?.questions == TestMessage(row.message)?.questions)
            #expect((message?.edns == nil) == (TestMessage(row.message)?.edns == nil))
            #expect(message?.edns?.version ?? 0 == 0)
        case .forward:
            #expect(message?.rcode == ResponseCode.noError)
            #expect(message?.isResponse == true)
            #expect(message?.questions == TestMessage(row.message)?.questions)
        }
    }
}
