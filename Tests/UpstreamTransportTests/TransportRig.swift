import Collections
import EventLoop
import LinuxIO
import NetAddress
import TLS
import TestServers

@testable import UpstreamTransport

/// A transport with one connection, on a loop in the test's own thread.
final class TransportRig: UpstreamSink, WakeUpHandler, TimerHandler {
    /// Something that did not happen, or ended the connection.
    struct Failure: Error {
        let words: String
    }

    private static let patience = Interval.seconds(20)

    private let loop: EventLoop
    private let id: SlotID
    private var transport: UpstreamTransport?
    private var timer: TimerSource?
    private var isConnected = false
    private var queries: [PlainQuery] = []
    private var unanswered = 0
    private var failure: String?

    init(asking server: DoTServer, _ authority: CertificateAuthority) throws {
        loop = try EventLoop()
        var slots = FreeList(capacity: 1)
        guard let id = slots.allocate() else { throw Failure(words: "no slot") }
        self.id = id
        let context = try TLSContext(
            trust: .file(path: authority.pemFile), minimumVersion: .v12)
        let transport = UpstreamTransport(
            capacity: 1, context: context, tickets: TicketStore(), loop: loop, sink: self)
        self.transport = transport
        try loop.setWakeUpHandler(self)
        timer = try loop.addTimer(token: 0, handler: self)
        transport.open(
            id, to: UpstreamServer(endpoint: server.endpoint, name: ServerName("dot.example")))
    }

    /// Asks all of `queries` within one wake-up and waits until each was answered; what the
    /// connection holds in memory then.
    func ask(_ queries: [PlainQuery]) throws -> Int {
        self.queries = queries
        unanswered = queries.count
        timer?.arm(at: Clock.monotonic() + Self.patience)
        if isConnected { sendAll() }
        try loop.run()
        if let failure { throw Failure(words: failure) }
        guard unanswered == 0, let connection = transport?.connection(id) else {
            throw Failure(words: "\(unanswered) without an answer")
        }
        return connection.heldOctets
    }

    private func sendAll() {
        for query in queries {
            let octets = query.bytes
            transport?.send(on: id, capacity: octets.count) { room in
                for (offset, octet) in octets.enumerated() {
                    room.storeBytes(of: octet, toByteOffset: offset, as: UInt8.self)
                }
                return octets.count
            }
        }
        queries = []
        transport?.flush()
    }

    func connected(_ connection: SlotID, _ report: ConnectionReport) {
        isConnected = true
        sendAll()
    }

    func answered(_ message: RawSpan, on connection: SlotID) {
        unanswered -= 1
    }

    func failed(_ connection: SlotID, _ failure: TransportFailure, at stage: ConnectionStage) {
        self.failure = "\(failure)"
        loop.exit()
    }

    func wakeUpEnded() {
        if unanswered == 0 { loop.exit() }
    }

    func timerFired(token: Int) {
        loop.exit()
    }
}
