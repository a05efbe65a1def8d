import Glibc
import NetAddress
import TLS
import TestServers

/// A client session and its server, joined by a socket pair and driven by the test.
final class Link {
    /// More turns than any exchange here takes.
    static let turns = 5000

    var client: TLSSession
    let server: ServerPeer
    let descriptor: CInt

    init(
        _ server: UpstreamServer, context: TLSContext, presents certificate: Credentials,
        options: ServerPeer.Options = ServerPeer.Options(), ticket: SessionTicket? = nil,
        toleratesDates: Bool = false
    ) throws {
        let pair = try Self.socketPair()
        descriptor = pair.0
        self.server = try ServerPeer(certificate, options, descriptor: pair.1)
        guard
            let client = TLSSession(
                context: context, server: server, ticket: ticket, descriptor: pair.0,
                toleratesDates: toleratesDates)
        else { throw PeerError(code: -1) }
        self.client = client
    }

    deinit { Glibc.close(descriptor) }

    // Copied out, for the macros of the tests cannot reach through what is not copyable.
    var properties: TLSProperties? { client.properties }
    var failure: TLSFailure? { client.failure }
    var hasBufferedInput: Bool { client.hasBufferedInput }
    var wantsWrite: Bool { client.wantsWrite }

    static func socketPair() throws -> (CInt, CInt) {
        var pair: [CInt] = [-1, -1]
        // Processes that other tests start would keep it open.
        let kind = CInt(
            SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &pair) == 0 else { throw PeerError(code: errno) }
        return (pair[0], pair[1])
    }

    /// Turns both sides until the client's handshake is over, and lets the server see its end.
    func handshake() -> TLSStep {
        var step = TLSStep.wantsRead
        for _ in 0..<Self.turns where step == .wantsRead || step == .wantsWrite {
            step = client.handshake()
            server.advance()
        }
        return step
    }

    func send(_ bytes: [UInt8]) -> TLSStep { client.send(bytes.span.bytes) }

    /// One call to `receive`, with what it gave.
    func receive(atMost count: Int = 16_384) -> (step: TLSStep, bytes: [UInt8]) {
        var buffer = [UInt8](repeating: 0, count: count)
        var span = buffer.mutableSpan
        var raw = span.mutableBytes
        let step = client.receive(into: &raw)
        guard case .done(let received) = step else { return (step, []) }
        return (step, Array(buffer[..<received]))
    }

    /// Receives until there is nothing more, and keeps the newest ticket.
    func drain() -> (step: TLSStep, bytes: [UInt8], ticket: SessionTicket?) {
        var all: [UInt8] = []
        var ticket: SessionTicket?
        while true {
            let (step, bytes) = receive()
            all += bytes
            if let latest = client.takeTicket() { ticket = latest }
            guard case .done = step else { return (step, all, ticket) }
        }
    }
}
