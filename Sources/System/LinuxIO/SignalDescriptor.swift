internal import CLinux
internal import Glibc

/// Signals read from a descriptor, by a `signalfd(2)`.
///
/// A signal arrives here only while every thread of the process blocks it.
public struct SignalDescriptor: ~Copyable {
    private let descriptor: FileDescriptor
    private var numbers: Set<CInt> = []

    /// Makes a descriptor for no signal.
    @inline(never)
    public init() throws(Errno) {
        var none = signalSet([])
        let fd = unsafe clinux_signalfd(-1, &none)
        guard fd >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(owning: fd)
    }

    /// The number to watch for readability.
    public var raw: CInt { descriptor.raw }

    /// Blocks a signal in the calling thread and takes it here from now on.
    public mutating func insert(_ number: CInt) throws(Errno) {
        Signals.block([number])
        try replace(numbers.union([number]))
    }

    /// Takes a signal no longer; it stays blocked.
    public mutating func remove(_ number: CInt) throws(Errno) {
        try replace(numbers.subtracting([number]))
    }

    /// The number of one signal that has arrived; `nil` when there is none.
    @inline(never)
    public borrowing func next() -> CInt? {
        let number = clinux_signalfd_read(descriptor.raw)
        // An error is not possible on a descriptor that is ours, but for EINTR, which readiness
        // brings back here.
        return number > 0 ? number : nil
    }

    @inline(never)
    private mutating func replace(_ wanted: Set<CInt>) throws(Errno) {
        var set = signalSet(wanted)
        guard unsafe clinux_signalfd(descriptor.raw, &set) >= 0 else { throw Errno.last }
        numbers = wanted
    }
}
