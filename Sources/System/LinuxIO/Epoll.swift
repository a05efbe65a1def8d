internal import CLinux
internal import Glibc

/// The kernel's list of descriptors to watch, as `epoll(7)`, level-triggered.
@safe
public struct Epoll: ~Copyable {
    /// Events taken by one wait; more stay with the kernel for the next.
    private static let capacity = 64

    private let descriptor: FileDescriptor
    private let ready: UnsafeMutablePointer<epoll_event>
    private var readyCount = 0

    @inline(never)
    public init() throws(Errno) {
        let fd = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard fd >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(owning: fd)
        unsafe ready = .allocate(capacity: Self.capacity)
        unsafe ready.initialize(repeating: epoll_event(), count: Self.capacity)
    }

    deinit {
        unsafe ready.deallocate()
    }

    /// Starts to watch a descriptor; `data` comes back with its events.
    public borrowing func add(_ fd: CInt, events: UInt32, data: UInt64) throws(Errno) {
        try control(EPOLL_CTL_ADD, fd, events, data)
    }

    /// Watches for other events.
    public borrowing func modify(_ fd: CInt, events: UInt32, data: UInt64) throws(Errno) {
        try control(EPOLL_CTL_MOD, fd, events, data)
    }

    /// Watches the descriptor no longer.
    public borrowing func remove(_ fd: CInt) throws(Errno) {
        try control(EPOLL_CTL_DEL, fd, 0, 0)
    }

    /// Waits for events; returns how many there are, 0 when the time is over or a signal came.
    ///
    /// A negative time-out waits for ever.
    @inline(never)
    public mutating func wait(milliseconds: CInt) throws(Errno) -> Int {
        readyCount = 0
        let count = unsafe epoll_wait(
            descriptor.raw, ready, CInt(Self.capacity), milliseconds)
        if count < 0 {
            let error = Errno.last
            guard error == .interrupted else { throw error }
            return 0
        }
        readyCount = Int(count)
        return readyCount
    }

    /// One event of the last wait.
    public borrowing func event(_ index: Int) -> (events: UInt32, data: UInt64) {
        precondition(index >= 0 && index < readyCount)
        let event = unsafe ready[index]
        return unsafe (event.events, event.data.u64)
    }

    @inline(never)
    private borrowing func control(
        _ operation: CInt, _ fd: CInt, _ events: UInt32, _ data: UInt64
    ) throws(Errno) {
        var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: data))
        guard unsafe epoll_ctl(descriptor.raw, operation, fd, &event) == 0 else {
            throw Errno.last
        }
    }
}
