import CLinux
import Glibc
import NetAddress

/// A non-blocking socket that closes itself, with waits that always end.
///
/// It is closed on exec from its first moment: a process that another test starts meanwhile would
/// keep it open, and with it the connection or the port.
///
/// `@unchecked`: one thread uses it at a time.
final class Socket: @unchecked Sendable {
    private(set) var fd: CInt

    /// What came of waiting.
    struct Readiness {
        var canRead = false
        var canWrite = false
        var wasWoken = false
    }

    private init(owning fd: CInt) {
        self.fd = fd
    }

    convenience init(_ family: IPAddress.Family, _ kind: __socket_type) throws(SystemError) {
        let domain = family == .v4 ? AF_INET : AF_INET6
        self.init(
            owning: try SystemError.check(
                socket(domain, CInt(kind.rawValue) | Self.flags, 0), "socket"))
    }

    deinit { close() }

    /// Closes it now; its owner must not wait for the last reference to go.
    func close() {
        guard fd >= 0 else { return }
        Glibc.close(fd)
        fd = -1
    }

    /// What each socket is made with.
    static let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)

    /// A connection that waits at this listening socket; `nil` when there is none, with `errno`.
    func accept() -> Socket? {
        let fd = clinux_accept4(fd, nil, nil, Self.flags)
        return fd < 0 ? nil : Socket(owning: fd)
    }

    func set(_ level: CInt, _ option: CInt, _ value: CInt = 1) {
        var value = value
        setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<CInt>.size))
    }

    func bind(to endpoint: Endpoint) throws(SystemError) {
        try SystemError.check(
            SocketAddress.with(endpoint) { Glibc.bind(fd, $0, $1) }, "bind \(endpoint)")
    }

    /// Begins to connect, or limits a datagram socket to one peer.
    func connect(to endpoint: Endpoint) throws(SystemError) {
        let result = SocketAddress.with(endpoint) { Glibc.connect(fd, $0, $1) }
        guard result < 0, errno != EINPROGRESS else { return }
        throw SystemError(call: "connect \(endpoint)", code: errno)
    }

    var localEndpoint: Endpoint? { SocketAddress.read { getsockname(fd, $0, $1) } }
    var peerEndpoint: Endpoint? { SocketAddress.read { getpeername(fd, $0, $1) } }

    /// The error that a connection attempt ended with, 0 for none.
    var pendingError: CInt {
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &size)
        return code
    }

    /// Waits for the socket or the waker, until `deadline` at the latest.
    func wait(
        reading: Bool = false, writing: Bool = false, waker: Waker? = nil, until deadline: Instant
    ) -> Readiness {
        let events = Int16((reading ? POLLIN : 0) | (writing ? POLLOUT : 0))
        var polled = [
            pollfd(fd: events == 0 ? -1 : fd, events: events, revents: 0),
            pollfd(fd: waker?.readEnd ?? -1, events: Int16(POLLIN), revents: 0),
        ]
        // Rounded up, so that a wait does not end a fraction too early and spin; a minute at most.
        let milliseconds = min(((deadline - .now).microseconds + 999) / 1000, 60_000)
        guard poll(&polled, 2, CInt(milliseconds)) > 0 else { return Readiness() }
        let failed = polled[0].revents & Int16(POLLERR | POLLHUP | POLLNVAL) != 0
        return Readiness(
            canRead: reading && (failed || polled[0].revents & Int16(POLLIN) != 0),
            canWrite: writing && (failed || polled[0].revents & Int16(POLLOUT) != 0),
            wasWoken: polled[1].revents != 0)
    }

    /// Makes the close send a reset in place of the rest of the data.
    func resetOnClose() {
        var value = linger(l_onoff: 1, l_linger: 0)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &value, socklen_t(MemoryLayout<linger>.size))
    }
}
