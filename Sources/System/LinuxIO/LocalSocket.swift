internal import CLinux
internal import Glibc
public import NetAddress

/// Stream sockets that have a path in the file system (unix(7)).
public enum LocalSocket {
    /// Listens at `path`, in the place of a socket that somebody has left there.
    ///
    /// Connections are non-blocking; `mode` says who may connect.
    @inline(never)
    public static func listen(
        path: String, mode: UInt32, backlog: CInt
    ) throws(Errno) -> FileDescriptor {
        let fd = unsafe clinux_local_listen(path, mode, backlog)
        guard fd >= 0 else { throw Errno.last }
        return FileDescriptor(owning: fd)
    }

    /// Connects to the socket at `path`; every call on it waits for at most `patience`.
    @inline(never)
    public static func connect(
        path: String, patience: Interval
    ) throws(Errno) -> FileDescriptor {
        let milliseconds = CInt(clamping: max(patience.microseconds / 1000, 1))
        let fd = unsafe clinux_local_connect(path, milliseconds)
        guard fd >= 0 else { throw Errno.last }
        return FileDescriptor(owning: fd)
    }
}

extension FileDescriptor {
    /// The user at the other end of a Unix socket, as it was when that connected.
    @inline(never)
    public borrowing func peerUser() throws(Errno) -> UInt32 {
        var user = uid_t()
        guard unsafe clinux_peer_user(raw, &user) == 0 else { throw Errno.last }
        return user
    }
}

/// The user that this process acts as.
public enum CurrentUser {
    public static var id: UInt32 { geteuid() }
}
