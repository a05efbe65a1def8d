import EventLoop
import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

@testable import Control

@Suite struct ControlServerTests {
    private static let patience = Interval.seconds(20)

    private static func ask(_ desk: RunningDesk, _ request: String) throws -> ControlReply {
        try ControlClient.ask(request, path: desk.path, patience: patience)
    }

    @Test func answersOneRequest() throws {
        let desk = try RunningDesk()
        let reply = try Self.ask(desk, "status")
        #expect(reply == ControlReply(words: "plain", body: "one\n.two\n"))
        let error = try Self.ask(desk, "nonsense")
        #expect(!error.isSuccess)
        #expect(error.words.hasPrefix("'nonsense' is not one of: status,"))
    }

    @Test func sendsALongReplyInPieces() throws {
        let desk = try RunningDesk()
        let reply = try Self.ask(desk, "stats")
        #expect(reply.body.utf8.count == RunningDesk.pieces * RunningDesk.piece.utf8.count)
    }

    @Test func refusesAReplyThatIsTooLong() throws {
        let desk = try RunningDesk()
        let reply = try Self.ask(desk, "reload")
        #expect(reply == .error("the reply is too long"))
    }

    @Test func takesARequestOctetByOctet() throws {
        let desk = try RunningDesk()
        let client = try desk.connect()
        for octet in "status\r\n".utf8 { _ = try client.send([octet].span.bytes) }
        #expect(try desk.read(client).hasPrefix("OK plain\n"))
    }

    @Test(arguments: [
        [UInt8](repeating: 0, count: 100_000), [UInt8](repeating: 10, count: 5000),
        Array("status\nstatus\nstatus\n".utf8), Array("sta".utf8), [],
        Array(repeating: UInt8(ascii: "a"), count: 4096), [0xff, 0xfe, 10],
    ])
    func garbageHarmsNobody(_ octets: [UInt8]) throws {
        let desk = try RunningDesk()
        for _ in 0..<50 {
            let client = try desk.connect()
            _ = try? client.send(octets.span.bytes)
        }
        let reply = try Self.ask(desk, "ping")
        #expect(reply.isSuccess)
    }

    @Test func silentClientsMakeRoomForOthers() throws {
        let desk = try RunningDesk()
        var silent: [Connection] = []
        for _ in 0..<(ControlLimits.clients * 4) { silent.append(Connection(try desk.connect())) }
        let reply = try Self.ask(desk, "ping")
        #expect(reply.isSuccess)
        // The first ones were closed, and learn of it.
        #expect(try desk.read(silent[0].descriptor) == "")
    }

    @Test func aReaderThatNeverReadsIsClosed() throws {
        let desk = try RunningDesk(isEndless: true)
        let client = try desk.connect()
        _ = try client.send(Array("stats\n".utf8).span.bytes)
        // Closed while the reply has no end, so what is left to read has none.
        #expect(desk.waitUntilDropped())
        let rest = try desk.read(client)
        #expect(rest.hasPrefix("OK\n"))
        #expect(!rest.hasSuffix("\n.\n"))
    }

    @Test func tenThousandConnectionsAreJustClosed() throws {
        let desk = try RunningDesk()
        for _ in 0..<10_000 { _ = try desk.connect() }
        let reply = try Self.ask(desk, "ping")
        #expect(reply.isSuccess)
    }
}

/// A client's end, where an array needs one.
private final class Connection {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }
}
