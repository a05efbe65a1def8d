internal import CLinux

/// Unpredictable numbers from the kernel, fetched 4 KiB at a time.
///
/// For message identifiers and hash seeds; a system call for each would cost a quarter of a
/// microsecond.
@safe
public struct Entropy: ~Copyable {
    private static let capacity = 512
    private let words: UnsafeMutablePointer<UInt64>
    /// Words not yet handed out; they are the first ones.
    private var remaining = 0

    public init() {
        unsafe words = .allocate(capacity: Self.capacity)
        unsafe words.initialize(repeating: 0, count: Self.capacity)
    }

    deinit {
        unsafe words.deallocate()
    }

    public mutating func nextUInt64() -> UInt64 {
        if remaining == 0 { refill() }
        remaining -= 1
        let word = unsafe words[remaining]
        // What has been handed out is not left lying about.
        unsafe words[remaining] = 0
        return word
    }

    @inline(never)
    private mutating func refill() {
        let size = Self.capacity * MemoryLayout<UInt64>.size
        var filled = 0
        while filled < size {
            let count = unsafe clinux_getrandom(
                UnsafeMutableRawPointer(words) + filled, size - filled)
            if count > 0 {
                filled += count
            } else {
                // Going on with numbers that can be guessed would be worse than ending.
                precondition(Errno.last == .interrupted, "getrandom failed")
            }
        }
        remaining = Self.capacity
    }
}
