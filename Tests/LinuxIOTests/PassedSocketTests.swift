import Glibc
import NetAddress
import Testing

@testable import LinuxIO

@Suite struct PassedSocketTests {
    private func listening(_ address: String) throws -> FileDescriptor {
        let local = try anyPort(address)
        let socket = try Socket.makeStream(local.address.family)
        try socket.bind(to: local)
        try socket.listen(backlog: 1)
        return socket
    }

    private func problem(_ fd: CInt, name: String = "dns") -> PassedSocketError? {
        do throws(PassedSocketError) {
            _ = try PassedSocket(inspecting: fd, name: name)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: ["127.0.0.1", "[::1]"])
    func takesStreamsAndDatagrams(address: String) throws {
        let stream = try listening(address)
        let local = try anyPort(address)
        let datagram = try Socket.makeDatagram(local.address.family)
        try datagram.bind(to: local)
        // As a careless parent would pass them.
        for fd in [stream.raw, datagram.raw] {
            #expect(fcntl(fd, F_SETFL, 0) == 0 && fcntl(fd, F_SETFD, 0) == 0)
        }
        let first = try PassedSocket(inspecting: stream.raw, name: "dns")
        let second = try PassedSocket(inspecting: datagram.raw, name: "other")
        #expect(first.kind == .stream && second.kind == .datagram)
        #expect(first.name == "dns" && second.name == "other")
        let endpoints = [try stream.localEndpoint(), try datagram.localEndpoint()]
        #expect([first.endpoint, second.endpoint] == endpoints)
        for fd in [stream.raw, datagram.raw] {
            #expect(fcntl(fd, F_GETFL) & O_NONBLOCK != 0)
            #expect(fcntl(fd, F_GETFD) & FD_CLOEXEC != 0)
        }
    }

    @Test func refusesWhatCannotServe() throws {
        let silent = try Socket.makeStream(.v4)
        try silent.bind(to: try anyPort("127.0.0.1"))
        #expect(problem(silent.raw)?.problem == .notListening)
        #expect(
            problem(silent.raw)?.description
                == "descriptor \(silent.raw) ('dns') is a stream socket that does not listen")

        let unbound = try Socket.makeDatagram(.v4)
        #expect(problem(unbound.raw)?.problem == .notBound)

        let pipe = try Pipe()
        #expect(problem(pipe.output.raw)?.problem == .notSocket)

        let packets = socket(AF_UNIX, CInt(SOCK_SEQPACKET.rawValue), 0)
        #expect(problem(packets)?.problem == .unsupportedType)
        close(packets)
        #expect(problem(-1)?.problem == .failed(.badDescriptor))
    }

    @Test func takesAUnixStreamForControlAlone() throws {
        let fd = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        defer { close(fd) }
        // Binding to no name gives an abstract one.
        var address = sockaddr()
        address.sa_family = sa_family_t(AF_UNIX)
        #expect(bind(fd, &address, 2) == 0 && listen(fd, 1) == 0)
        #expect(problem(fd, name: "dns")?.problem == .unsupportedFamily)
        let control = try PassedSocket(inspecting: fd, name: "control")
        #expect(control.kind == .stream && control.endpoint == nil)
    }

    @Test func readsTheEnvironmentOnce() async {
        await #expect(processExitsWith: .exitCode(40)) {
            // Out of the way of what the test runner has open.
            let stream = try Socket.makeStream(.v4)
            try stream.bind(to: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 0))
            try stream.listen(backlog: 1)
            let datagram = try Socket.makeDatagram(.v4)
            try datagram.bind(to: Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 0))
            guard dup2(stream.raw, 100) == 100, dup2(datagram.raw, 101) == 101,
                dup2(100, 3) == 3, dup2(101, 4) == 4
            else { exit(41) }
            setenv("LISTEN_PID", "\(getpid())", 1)
            setenv("LISTEN_FDS", "2", 1)
            setenv("LISTEN_FDNAMES", "dns:other", 1)
            let sockets = try PassedSockets.take()
            guard sockets.map(\.name) == ["dns", "other"], sockets.map(\.descriptor) == [3, 4],
                sockets.map(\.kind) == [.stream, .datagram]
            else { exit(42) }
            guard getenv("LISTEN_FDS") == nil, try PassedSockets.take().isEmpty else { exit(43) }
            exit(40)
        }
    }

    @Test func socketsOfAnotherProcessAreNotTaken() async {
        await #expect(processExitsWith: .exitCode(40)) {
            setenv("LISTEN_PID", "1", 1)
            setenv("LISTEN_FDS", "2", 1)
            exit(try PassedSockets.take().isEmpty ? 40 : 41)
        }
    }

    @Test func anEnvironmentWithoutSenseIsAnError() async {
        await #expect(processExitsWith: .exitCode(40)) {
            setenv("LISTEN_PID", "\(getpid())", 1)
            setenv("LISTEN_FDS", "many", 1)
            do throws(PassedSocketError) {
                _ = try PassedSockets.take()
            } catch {
                guard case .environment = error.problem else { exit(41) }
                exit(error.description.hasPrefix("passed sockets: ") ? 40 : 42)
            }
        }
    }
}
