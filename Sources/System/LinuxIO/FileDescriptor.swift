internal import CLinux
internal import Glibc

/// Sole owner of a file descriptor, which it closes exactly once.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number, valid for as long as this value lives.
    public let raw: CInt

    /// Takes over an open descriptor; nobody else may close it from now on.
    public init(owning raw: CInt) {
        self.raw = raw
    }

    deinit {
        // Linux frees the number whatever close returns. EBADF means that somebody else closed it:
        // the next time, that would hit a descriptor which is not ours.
        let result = Glibc.close(raw)
        precondition(result == 0 || Errno.last != .badDescriptor, "descriptor closed twice")
    }

    /// Gives the descriptor to the caller, who has to close it.
    public consuming func release() -> CInt {
        let number = raw
        discard self
        return number
    }
}

// Not one of these is inlined, so that no retain or release can run between a system call and the
// read of errno. Each retries EINTR, and nothing else.
extension FileDescriptor {
    /// Reads once, as `read(2)`.
    @inline(never)
    public borrowing func read(into buffer: inout MutableRawSpan) throws(Errno) -> Transfer {
        guard buffer.byteCount > 0 else { return .bytes(0) }
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.read(raw, bytes.baseAddress, bytes.count)
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .endOfStream }
            if try Self.isBlocked(.last) { return .wouldBlock }
        }
    }

    /// Receives once from a stream socket, as `recv(2)`.
    @inline(never)
    public borrowing func receive(into buffer: inout MutableRawSpan) throws(Errno) -> Transfer {
        guard buffer.byteCount > 0 else { return .bytes(0) }
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe Glibc.recv(raw, bytes.baseAddress, bytes.count, 0)
            }
            if count > 0 { return .bytes(count) }
            if count == 0 { return .endOfStream }
            if try Self.isBlocked(.last) { return .wouldBlock }
        }
    }

    /// Writes once, as `write(2)`; fewer bytes than given may be taken.
    @inline(never)
    public borrowing func write(_ bytes: RawSpan) throws(Errno) -> Transfer {
        while true {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.write(raw, bytes.baseAddress, bytes.count)
            }
            if count >= 0 { return .bytes(count) }
            if try Self.isBlocked(.last) { return .wouldBlock }
        }
    }

    /// Sends once, as `send(2)` without `SIGPIPE`; fewer bytes than given may be taken.
    @inline(never)
    public borrowing func send(_ bytes: RawSpan) throws(Errno) -> Transfer {
        while true {
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe Glibc.send(raw, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
            }
            if count >= 0 { return .bytes(count) }
            if try Self.isBlocked(.last) { return .wouldBlock }
        }
    }

    /// Whether a failed call would have blocked; false when it should simply be repeated.
    private static func isBlocked(_ error: Errno) throws(Errno) -> Bool {
        switch error {
        case .interrupted: return false
        case .wouldBlock: return true
        default: throw error
        }
    }
}
