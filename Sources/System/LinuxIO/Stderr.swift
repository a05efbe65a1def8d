internal import Collections
internal import Glibc

/// Standard error, for log lines, without ever waiting for whoever reads it.
public enum Stderr {
    /// The longest line with its end; what is longer is cut.
    ///
    /// A pipe that polls as writable takes `PIPE_BUF` octets at once, and does not mix them with
    /// those of others.
    static let maximumLine = Int(PIPE_BUF)

    /// One writer at a time, so that the room one has seen is not taken by another.
    private static let turn = Locked<Void>(())

    /// Writes one line with its syslog priority in front (`<6>`), which the journal reads.
    ///
    /// Returns whether it was written; a line for which there is no room now is lost.
    @discardableResult
    public static func write(priority: Int, line: String) -> Bool {
        write("<\(priority)>\(line)", to: STDERR_FILENO)
    }

    /// Writes one line without a priority, for people at a terminal.
    @discardableResult
    public static func write(line: String) -> Bool {
        write(line, to: STDERR_FILENO)
    }

    static func write(_ text: String, to fd: CInt) -> Bool {
        var bytes = [UInt8](text.utf8.prefix(maximumLine - 1))
        // One call, one line: a line break inside would start a line without a priority.
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            bytes[index] = UInt8(ascii: " ")
        }
        bytes.append(UInt8(ascii: "\n"))
        return turn.withLock { _ in hasRoom(fd) && writeOnce(bytes, to: fd) }
    }

    /// Whether a line can be written now without waiting, and without `SIGPIPE`.
    ///
    /// The descriptor is shared with other processes, so it is not ours to make non-blocking.
    private static func hasRoom(_ fd: CInt) -> Bool {
        var state = pollfd(fd: fd, events: CShort(POLLOUT), revents: 0)
        return unsafe poll(&state, 1, 0) == 1 && state.revents == CShort(POLLOUT)
    }

    @inline(never)
    private static func writeOnce(_ bytes: [UInt8], to fd: CInt) -> Bool {
        while true {
            let count = unsafe Glibc.write(fd, bytes, bytes.count)
            if count >= 0 { return true }
            if Errno.last != .interrupted { return false }
        }
    }
}
