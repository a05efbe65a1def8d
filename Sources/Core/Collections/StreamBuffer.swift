/// Octets that wait between a stream and its reader or writer, first in, first out.
///
/// Empty buffers own no memory. Growth is by doubling up to a bound, and a buffer that has been
/// emptied gives back what it needed beyond `keptCapacity`.
@safe
public struct StreamBuffer: ~Copyable {
    // Invariants:
    //   0 <= start <= end <= capacity <= maximumCapacity
    //   storage is nil exactly while capacity is 0
    private var storage: UnsafeMutableRawPointer?
    /// Octets of memory that it owns.
    public private(set) var capacity = 0
    private var start = 0
    private var end = 0
    public let maximumCapacity: Int
    private let keptCapacity: Int

    /// Makes an empty buffer for at most `maximumCapacity` octets.
    public init(maximumCapacity: Int, keptCapacity: Int) {
        self.maximumCapacity = maximumCapacity
        self.keptCapacity = keptCapacity
        unsafe storage = nil
    }

    deinit {
        unsafe storage?.deallocate()
    }

    /// Octets that wait.
    public var count: Int { end - start }

    public var isEmpty: Bool { start == end }

    /// Octets that still fit.
    public var room: Int { maximumCapacity - count }

    /// What waits, oldest first.
    @_lifetime(borrow self)
    public func readable() -> RawSpan {
        // start...end lies within the storage, which lives as long as self is borrowed.
        let bytes = unsafe UnsafeRawBufferPointer(
            start: storage.map { unsafe $0 + start }, count: count)
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }

    /// Makes room for `byteCount` more octets behind the last; false when they do not fit.
    public mutating func reserve(_ byteCount: Int) -> Bool {
        guard byteCount <= room else { return false }
        if capacity - end >= byteCount { return true }
        if start > 0, capacity - count >= byteCount {
            compact()
        } else {
            grow(to: count + byteCount)
        }
        return true
    }

    /// The room behind the last octet, to write into.
    @_lifetime(&self)
    public mutating func writable() -> MutableRawSpan {
        // end...capacity lies within the storage; nobody else reaches it while self is mutated.
        let bytes = unsafe UnsafeMutableRawBufferPointer(
            start: storage.map { unsafe $0 + end }, count: capacity - end)
        return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: bytes), mutating: &self)
    }

    /// Lends what waits to `body`.
    @inlinable
    public borrowing func withReadable<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(readable())
    }

    /// Lends the room behind the last octet to `body`.
    @inlinable
    public mutating func withWritable<Result, Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var room = writable()
        return try body(&room)
    }

    /// Counts `byteCount` octets that were written to `writable()`.
    public mutating func append(written byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= capacity - end, "more than there was room for")
        end += byteCount
    }

    /// Adds a copy of `octets`, for which room was reserved.
    public mutating func append(copying octets: RawSpan) {
        precondition(octets.byteCount <= capacity - end, "more than there was room for")
        guard let storage = unsafe storage, !octets.isEmpty else { return }
        // The room was tested two lines above.
        unsafe octets.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(start: storage + end, count: bytes.count)
                .copyMemory(from: bytes)
        }
        end += octets.byteCount
    }

    /// Forgets the oldest `byteCount` octets.
    public mutating func consume(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count, "more than there is")
        start += byteCount
        guard start == end else { return }
        start = 0
        end = 0
        if capacity > keptCapacity { release() }
    }

    private mutating func release() {
        unsafe storage?.deallocate()
        unsafe storage = nil
        capacity = 0
    }

    private mutating func compact() {
        guard let storage = unsafe storage else { return }
        unsafe storage.copyMemory(from: storage + start, byteCount: count)
        end -= start
        start = 0
    }

    private mutating func grow(to needed: Int) {
        let doubled = min(max(capacity * 2, 512, needed), maximumCapacity)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: doubled, alignment: 16)
        if let storage = unsafe storage {
            unsafe larger.copyMemory(from: storage + start, byteCount: count)
            unsafe storage.deallocate()
        }
        unsafe storage = larger
        capacity = doubled
        end -= start
        start = 0
    }
}
