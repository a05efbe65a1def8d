import Glibc
import NetAddress
import TLS
import TestServers

/// A session and a server with a wire between them that carries one octet per turn each way.
final class SlowLink {
    private var client: TLSSession
    private let server: ServerPeer
    private let clientSide: (CInt, CInt)
    private let wireToServer: CInt

    init(options: ServerPeer.Options) throws {
        clientSide = try Link.socketPair()
        let serverSide = try Link.socketPair()
        wireToServer = serverSide.0
        server = try ServerPeer(Fixture.certificate(), options, descriptor: serverSide.1)
        guard
            let client = TLSSession(
                context: try Fixture.context(), server: Fixture.server(), ticket: nil,
                descriptor: clientSide.0)
        else { throw PeerError(code: -1) }
        self.client = client
    }

    deinit {
        close(clientSide.0)
        close(clientSide.1)
        close(wireToServer)
    }

    var isServerEstablished: Bool { server.isEstablished }

    func handshake() throws -> TLSStep {
        for _ in 0..<Link.turns {
            let step = client.handshake()
            carry(from: clientSide.1, to: wireToServer)
            carry(from: wireToServer, to: clientSide.1)
            server.advance()
            if step == .failed || (step == .done(0) && server.isEstablished) { return step }
        }
        return .wantsRead
    }

    private func carry(from source: CInt, to target: CInt) {
        var octet: UInt8 = 0
        if recv(source, &octet, 1, CInt(MSG_DONTWAIT)) == 1 { send(target, &octet, 1, 0) }
    }
}
