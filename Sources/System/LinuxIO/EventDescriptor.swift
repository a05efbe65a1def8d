internal import CLinux
internal import Glibc

/// Wakes a loop from another thread, by an `eventfd(2)`.
public struct EventDescriptor: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    @inline(never)
    public init() throws(Errno) {
        let fd = clinux_eventfd()
        guard fd >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(owning: fd)
    }

    /// The number to watch for readability.
    public var raw: CInt { descriptor.raw }

    /// Makes the descriptor readable; safe from any thread, never blocks.
    public borrowing func signal() {
        var one: UInt64 = 1
        // The one possible failure, a full counter, means that it is readable already.
        _ = unsafe Glibc.write(descriptor.raw, &one, MemoryLayout<UInt64>.size)
    }

    /// Makes the descriptor unreadable again; whether it had been signaled.
    public borrowing func drain() -> Bool {
        var count: UInt64 = 0
        return unsafe Glibc.read(descriptor.raw, &count, MemoryLayout<UInt64>.size) > 0
    }
}
