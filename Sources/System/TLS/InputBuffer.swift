import Glibc

// Invariant: 0 <= start <= end <= storage.count; octets start..<end are received and not yet taken.

/// Octets between the socket and GnuTLS.
///
/// GnuTLS asks for the five octets of a record's header and then for its body; this turns the two
/// system calls into one, and several small records into one as well.
@safe
struct InputBuffer {
    private let storage: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Whether the socket was found empty when it was last read; its end does not count as that.
    private(set) var isDrained = false
    /// Whether anything has ever come.
    private(set) var hasReceived = false
    /// How often the socket may still be read.
    var readsLeft = Int.max

    /// The owner calls `deallocate()` at the end.
    init(capacity: Int) {
        unsafe storage = .allocate(byteCount: capacity, alignment: 16)
    }

    func deallocate() {
        unsafe storage.deallocate()
    }

    /// Whether octets wait here, of which the socket no longer knows.
    var hasOctets: Bool { start < end }

    /// Fills `target` with what there is, reading the socket once if there is nothing.
    ///
    /// When no reading is left the socket counts as empty.
    ///
    /// Returns the number of octets, zero at the end of the stream, or a negated `errno`.
    mutating func take(into target: UnsafeMutableRawBufferPointer, from descriptor: CInt) -> Int {
        if start == end {
            let count = refill(from: descriptor)
            isDrained = count < 0
            guard count > 0 else { return count }
            hasReceived = true
        }
        let count = min(target.count, end - start)
        let taken = unsafe UnsafeRawBufferPointer(rebasing: storage[start..<start + count])
        unsafe target.copyMemory(from: taken)
        start += count
        return count
    }

    /// Not inlined, so that nothing can run between the system call and the reading of `errno`.
    @inline(never)
    private mutating func refill(from descriptor: CInt) -> Int {
        guard readsLeft > 0 else { return -Int(EAGAIN) }
        readsLeft -= 1
        while true {
            let count = unsafe recv(
                descriptor, storage.baseAddress, storage.count, CInt(MSG_DONTWAIT))
            if count < 0, errno == EINTR { continue }
            start = 0
            end = max(0, count)
            return count < 0 ? -Int(errno) : count
        }
    }
}
