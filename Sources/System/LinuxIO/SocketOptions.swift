internal import CLinux
internal import Glibc
public import NetAddress

extension FileDescriptor {
    /// Lets a listener bind while old connections of the address linger (`SO_REUSEADDR`).
    public borrowing func setReuseAddress() throws(Errno) {
        try setOption(SOL_SOCKET, SO_REUSEADDR, 1)
    }

    /// Lets several sockets share an address; the kernel spreads the clients (`SO_REUSEPORT`).
    public borrowing func setReusePort() throws(Errno) {
        try setOption(SOL_SOCKET, SO_REUSEPORT, 1)
    }

    /// Keeps an IPv6 socket to IPv6 (`IPV6_V6ONLY`).
    public borrowing func setV6Only() throws(Errno) {
        try setOption(CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1)
    }

    /// Sends small segments at once (`TCP_NODELAY`).
    public borrowing func setNoDelay() throws(Errno) {
        try setOption(CInt(IPPROTO_TCP), TCP_NODELAY, 1)
    }

    /// Probes an idle connection, first after `idle`, then each `interval`, `count` times.
    ///
    /// The kernel counts in seconds; shorter times are held at one.
    public borrowing func setKeepAlive(
        idle: Interval, interval: Interval, count: CInt
    ) throws(Errno) {
        let level = CInt(IPPROTO_TCP)
        try setOption(level, TCP_KEEPIDLE, Self.units(idle, of: 1_000_000))
        try setOption(level, TCP_KEEPINTVL, Self.units(interval, of: 1_000_000))
        try setOption(level, TCP_KEEPCNT, count)
        try setOption(SOL_SOCKET, SO_KEEPALIVE, 1)
    }

    /// Gives a connection up when sent data stays unacknowledged this long (`TCP_USER_TIMEOUT`).
    public borrowing func setUserTimeout(_ timeout: Interval) throws(Errno) {
        try setOption(
            CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, Self.units(timeout, of: 1000))
    }

    /// Asks for room for received data; the kernel doubles it, up to `net.core.rmem_max`.
    public borrowing func setReceiveBuffer(byteCount: CInt) throws(Errno) {
        try setOption(SOL_SOCKET, SO_RCVBUF, byteCount)
    }

    /// Has received datagrams say which local address they came to.
    ///
    /// Needed on sockets bound to a wildcard address; others answer from their own address anyway.
    @inline(never)
    public borrowing func setPacketInfo(_ family: IPAddress.Family) throws(Errno) {
        guard clinux_packet_info_enable(raw, family == .v4 ? AF_INET : AF_INET6) == 0 else {
            throw Errno.last
        }
    }

    @inline(never)
    borrowing func setOption(_ level: CInt, _ name: CInt, _ value: CInt) throws(Errno) {
        var value = value
        let length = socklen_t(MemoryLayout<CInt>.size)
        guard unsafe setsockopt(raw, level, name, &value, length) == 0 else { throw Errno.last }
    }

    borrowing func option(_ level: CInt, _ name: CInt) throws(Errno) -> CInt {
        try socketOption(raw, level, name)
    }

    /// `interval` in units of so many microseconds, at least one and at most an hour of them.
    private static func units(_ interval: Interval, of microseconds: UInt64) -> CInt {
        CInt(clamping: min(max(interval.microseconds / microseconds, 1), 3_600_000))
    }
}

/// A socket option that is a number, of a descriptor that somebody else owns.
@inline(never)
func socketOption(_ fd: CInt, _ level: CInt, _ name: CInt) throws(Errno) -> CInt {
    var value: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    guard unsafe getsockopt(fd, level, name, &value, &length) == 0 else { throw Errno.last }
    return value
}
