import Glibc
import NetAddress
import Testing

@testable import LinuxIO

@Suite struct SocketTests {
    @Test(arguments: ["127.0.0.1", "[::1]"])
    func connectsAcceptsAndCloses(address: String) throws {
        let local = try anyPort(address)
        let family = local.address.family
        let listener = try Socket.makeStream(family)
        try listener.setReuseAddress()
        try listener.bind(to: local)
        try listener.listen(backlog: 4)
        let bound = try #require(try listener.localEndpoint())
        #expect(bound.port != 0)

        let client = try Socket.makeStream(family)
        if try client.connect(to: bound) == .inProgress {
            #expect(awaitReady(client.raw, CInt(POLLOUT)))
        }
        #expect(try client.takeError() == nil)
        #expect(awaitReady(listener.raw))
        guard case .accepted(let server, let peer) = try listener.accept() else {
            Issue.record("nothing to accept")
            return
        }
        let clientEndpoint = try client.localEndpoint()
        #expect(peer.endpoint == clientEndpoint)
        #expect(fcntl(server.raw, F_GETFL) & O_NONBLOCK != 0)
        #expect(fcntl(server.raw, F_GETFD) & FD_CLOEXEC != 0)

        #expect(shutdown(client.raw, CInt(SHUT_WR)) == 0)
        #expect(awaitReady(server.raw))
        #expect(try server.readBytes().transfer == .endOfStream)
        _ = try server.sendBytes([9])
        #expect(awaitReady(client.raw))
        #expect(try client.readBytes().bytes == [9])
    }

    @Test func acceptTellsWhenNobodyWaits() throws {
        let listener = try Socket.makeStream(.v4)
        try listener.bind(to: try anyPort("127.0.0.1"))
        try listener.listen(backlog: 1)
        guard case .wouldBlock = try listener.accept() else {
            Issue.record("accepted out of nothing")
            return
        }
    }

    @Test func acceptOnASocketThatDoesNotListenIsAnError() throws {
        let socket = try Socket.makeStream(.v4)
        #expect(throws: Errno.invalidArgument) { _ = try socket.accept() }
    }

    @Test func aRefusedConnectionLeavesItsError() throws {
        // Bound and not listening, so that nobody else can be there.
        let closed = try Socket.makeStream(.v4)
        try closed.bind(to: try anyPort("127.0.0.1"))
        let target = try #require(try closed.localEndpoint())
        let client = try Socket.makeStream(.v4)
        do {
            #expect(try client.connect(to: target) == .inProgress)
            #expect(awaitReady(client.raw, CInt(POLLOUT)))
            #expect(try client.takeError() == .connectionRefused)
            #expect(try client.takeError() == nil)
        } catch {
            #expect(error == .connectionRefused)
        }
    }

    @Test func twoSocketsShareAnAddressOnlyWhenBothAgree() throws {
        let first = try Socket.makeDatagram(.v4)
        try first.setReusePort()
        try first.bind(to: try anyPort("127.0.0.1"))
        let shared = try #require(try first.localEndpoint())
        let second = try Socket.makeDatagram(.v4)
        try second.setReusePort()
        try second.bind(to: shared)
        let third = try Socket.makeDatagram(.v4)
        #expect(throws: Errno.addressInUse) { try third.bind(to: shared) }
    }

    @Test func streamOptionsArrive() throws {
        let socket = try Socket.makeStream(.v6)
        let tcp = CInt(IPPROTO_TCP)
        try socket.setNoDelay()
        try socket.setV6Only()
        try socket.setKeepAlive(idle: .seconds(40), interval: .milliseconds(1), count: 3)
        try socket.setUserTimeout(.seconds(5))
        #expect(try socket.option(tcp, TCP_NODELAY) == 1)
        #expect(try socket.option(CInt(IPPROTO_IPV6), IPV6_V6ONLY) == 1)
        #expect(try socket.option(SOL_SOCKET, SO_KEEPALIVE) == 1)
        #expect(try socket.option(tcp, TCP_KEEPIDLE) == 40)
        #expect(try socket.option(tcp, TCP_KEEPINTVL) == 1)
        #expect(try socket.option(tcp, TCP_KEEPCNT) == 3)
        #expect(try socket.option(tcp, TCP_USER_TIMEOUT) == 5000)
    }

    @Test func datagramOptionsArrive() throws {
        let v4 = try Socket.makeDatagram(.v4)
        try v4.setReceiveBuffer(byteCount: 40_000)
        try v4.setPacketInfo(.v4)
        #expect(try v4.option(SOL_SOCKET, SO_RCVBUF) == 80_000)
        #expect(try v4.option(CInt(IPPROTO_IP), IP_PKTINFO) == 1)
        let v6 = try Socket.makeDatagram(.v6)
        try v6.setPacketInfo(.v6)
        #expect(try v6.option(CInt(IPPROTO_IPV6), IPV6_RECVPKTINFO) == 1)
    }
}
