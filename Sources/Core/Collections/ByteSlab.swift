/// Equal slots of octets in one block, allocated once.
@safe
public struct ByteSlab: ~Copyable {
    private let storage: UnsafeMutableRawPointer
    public let slotSize: Int
    public let count: Int

    /// Allocates `count` slots of `slotSize` octets, zeroed.
    public init(count: Int, slotSize: Int) {
        precondition(count > 0 && slotSize > 0, "a slab needs slots")
        unsafe storage = UnsafeMutableRawPointer.allocate(
            byteCount: count * slotSize, alignment: 16)
        unsafe storage.initializeMemory(as: UInt8.self, repeating: 0, count: count * slotSize)
        self.slotSize = slotSize
        self.count = count
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The first `length` octets of slot `index`.
    @_lifetime(borrow self)
    public func span(_ index: Int, length: Int) -> RawSpan {
        precondition(index >= 0 && index < count && length >= 0 && length <= slotSize)
        // Slot and length were tested on the line above, and the slab outlives the span.
        let bytes = unsafe UnsafeRawBufferPointer(
            start: storage + index * slotSize, count: length)
        return unsafe _overrideLifetime(bytes.bytes, borrowing: self)
    }

    /// Slot `index`, to write to.
    @_lifetime(&self)
    public mutating func mutableSpan(_ index: Int) -> MutableRawSpan {
        precondition(index >= 0 && index < count)
        // The slot was tested on the line above, and the slab outlives the span.
        let bytes = unsafe UnsafeMutableRawBufferPointer(
            start: storage + index * slotSize, count: slotSize)
        return unsafe _overrideLifetime(bytes.mutableBytes, mutating: &self)
    }
}
