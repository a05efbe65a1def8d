internal import Glibc
public import NetAddress

/// Waiting for one descriptor, for programs without an event loop (poll(2)).
public enum Readiness {
    case readable
    case writable

    /// Waits until the descriptor is ready, or has failed, for at most `patience`; whether it is.
    @inline(never)
    public func wait(for descriptor: borrowing FileDescriptor, patience: Interval) -> Bool {
        let events = self == .readable ? POLLIN : POLLOUT
        var state = pollfd(fd: descriptor.raw, events: CShort(events), revents: 0)
        let end = Clock.monotonic() + patience
        while true {
            let left = (end - Clock.monotonic()).microseconds
            let milliseconds = CInt(clamping: left / 1000 + (left % 1000 == 0 ? 0 : 1))
            let count = unsafe poll(&state, 1, milliseconds)
            if count >= 0 { return count > 0 }
            guard Errno.last == .interrupted else { return false }
        }
    }
}
