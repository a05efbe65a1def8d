internal import CLinux
internal import Glibc
public import NetAddress

/// A socket that the service manager opened for us, looked over and found fit.
public struct PassedSocket: Equatable, Sendable {
    /// What can be done with it.
    public enum Kind: Equatable, Sendable {
        case datagram
        case stream
    }

    /// The name under which the operator asks for the control socket.
    public static let controlName = "control"

    /// The descriptor's number; whoever uses the socket owns it.
    public let descriptor: CInt
    /// `FileDescriptorName=` of the socket unit.
    public let name: String
    public let kind: Kind
    /// Where it listens; `nil` for the control socket when that is a Unix socket.
    public let endpoint: Endpoint?
}

extension PassedSocket {
    /// Looks a descriptor over, and makes it non-blocking and closed on exec.
    init(inspecting fd: CInt, name: String) throws(PassedSocketError) {
        let kind: Kind
        let endpoint: Endpoint?
        do throws(Problem) {
            let family = try Self.option(fd, SO_DOMAIN)
            kind = try Self.kind(fd)
            if family == AF_UNIX {
                guard kind == .stream, name == Self.controlName else {
                    throw .unsupportedFamily
                }
                endpoint = nil
            } else {
                endpoint = try Self.endpoint(fd, family: family, kind: kind)
            }
            if kind == .stream, try Self.option(fd, SO_ACCEPTCONN) == 0 {
                throw .notListening
            }
            try Self.setFlags(fd)
        } catch {
            throw PassedSocketError(descriptor: fd, name: name, problem: error)
        }
        self.init(descriptor: fd, name: name, kind: kind, endpoint: endpoint)
    }

    private typealias Problem = PassedSocketError.Problem

    private static func kind(_ fd: CInt) throws(Problem) -> Kind {
        switch try option(fd, SO_TYPE) {
        case CInt(SOCK_STREAM.rawValue): return .stream
        case CInt(SOCK_DGRAM.rawValue): return .datagram
        default: throw .unsupportedType
        }
    }

    private static func endpoint(
        _ fd: CInt, family: CInt, kind: Kind
    ) throws(Problem) -> Endpoint {
        guard family == AF_INET || family == AF_INET6 else { throw .unsupportedFamily }
        let wanted = CInt(kind == .stream ? IPPROTO_TCP : IPPROTO_UDP)
        guard try option(fd, SO_PROTOCOL) == wanted else { throw .unsupportedProtocol }
        let (result, address) = unsafe SocketAddress.filled { address, length in
            unsafe getsockname(fd, address, length)
        }
        guard result == 0 else { throw .failed(.last) }
        guard let endpoint = address.endpoint, endpoint.port != 0 else {
            throw .notBound
        }
        return endpoint
    }

    private static func option(_ fd: CInt, _ name: CInt) throws(Problem) -> CInt {
        do {
            return try socketOption(fd, SOL_SOCKET, name)
        } catch {
            throw error.code == ENOTSOCK ? .notSocket : .failed(error)
        }
    }

    private static func setFlags(_ fd: CInt) throws(Problem) {
        let flags = fcntl(fd, F_GETFL)
        guard flags >= 0, fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0,
            fcntl(fd, F_SETFD, FD_CLOEXEC) == 0
        else { throw .failed(.last) }
    }
}
