internal import CLinux
internal import Glibc
public import NetAddress

/// Makes sockets, all of them non-blocking and closed on exec.
public enum Socket {
    /// An unconnected TCP socket.
    @inline(never)
    public static func makeStream(_ family: IPAddress.Family) throws(Errno) -> FileDescriptor {
        try make(family, type: CInt(SOCK_STREAM.rawValue))
    }

    /// An unbound UDP socket.
    @inline(never)
    public static func makeDatagram(_ family: IPAddress.Family) throws(Errno) -> FileDescriptor {
        try make(family, type: CInt(SOCK_DGRAM.rawValue))
    }

    private static func make(
        _ family: IPAddress.Family, type: CInt
    ) throws(Errno) -> FileDescriptor {
        let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let fd = Glibc.socket(family == .v4 ? AF_INET : AF_INET6, type | flags, 0)
        guard fd >= 0 else { throw Errno.last }
        return FileDescriptor(owning: fd)
    }
}

/// What starting a connection came to.
@frozen
public enum ConnectOutcome: Equatable, Sendable {
    case connected
    /// The descriptor becomes writable when the outcome is known; then ask `takeError()`.
    case inProgress
}

/// What a listening socket had.
@frozen
public enum AcceptOutcome: ~Copyable {
    case accepted(FileDescriptor, SocketAddress)
    /// Nothing is waiting, or what was waiting has gone; readiness tells when there is more.
    case wouldBlock
}

extension FileDescriptor {
    /// Gives the socket its local address, as `bind(2)`.
    @inline(never)
    public borrowing func bind(to endpoint: Endpoint) throws(Errno) {
        let result = unsafe SocketAddress(endpoint).withSocketAddress { address, length in
            unsafe Glibc.bind(raw, address, length)
        }
        guard result == 0 else { throw Errno.last }
    }

    /// Starts to listen, as `listen(2)`; the kernel holds the backlog to `net.core.somaxconn`.
    @inline(never)
    public borrowing func listen(backlog: CInt) throws(Errno) {
        guard Glibc.listen(raw, backlog) == 0 else { throw Errno.last }
    }

    /// Starts to connect, as `connect(2)`.
    @inline(never)
    public borrowing func connect(to endpoint: Endpoint) throws(Errno) -> ConnectOutcome {
        let result = unsafe SocketAddress(endpoint).withSocketAddress { address, length in
            unsafe Glibc.connect(raw, address, length)
        }
        if result == 0 { return .connected }
        switch Errno.last {
        // An interrupted connect goes on in the background (connect(2)).
        case .inProgress, .interrupted: return .inProgress
        case let error: throw error
        }
    }

    /// Takes one waiting connection, as `accept4(2)`; it is non-blocking and closed on exec.
    @inline(never)
    public borrowing func accept() throws(Errno) -> AcceptOutcome {
        let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        while true {
            let (fd, address) = unsafe SocketAddress.filled { address, length in
                unsafe clinux_accept4(raw, address, length, flags)
            }
            if fd >= 0 { return .accepted(FileDescriptor(owning: fd), address) }
            let error = Errno.last
            if error == .interrupted { continue }
            guard Self.isLostConnection(error) else { throw error }
            return .wouldBlock
        }
    }

    /// The error that a connection attempt or the network left on the socket (`SO_ERROR`), cleared.
    @inline(never)
    public borrowing func takeError() throws(Errno) -> Errno? {
        let code = try option(SOL_SOCKET, SO_ERROR)
        return code == 0 ? nil : Errno(code)
    }

    /// The address the socket is bound to; `nil` for a socket that is neither IPv4 nor IPv6.
    @inline(never)
    public borrowing func localEndpoint() throws(Errno) -> Endpoint? {
        let (result, address) = unsafe SocketAddress.filled { address, length in
            unsafe getsockname(raw, address, length)
        }
        guard result == 0 else { throw Errno.last }
        return address.endpoint
    }

    /// Whether `accept` failed for the connection and not for the listener.
    ///
    /// Linux hands errors of the new connection to accept (accept(2)); with `EAGAIN` they mean the
    /// same: there is nothing here now.
    private static func isLostConnection(_ error: Errno) -> Bool {
        switch error.code {
        case EAGAIN, ECONNABORTED, EPERM, EPROTO, ENOPROTOOPT, ENETDOWN, ENETUNREACH, EHOSTDOWN,
            EHOSTUNREACH, ENONET, ETIMEDOUT:
            true
        default: false
        }
    }
}
