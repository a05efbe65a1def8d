/// Equal slots of octets in one block, allocated once.
@safe
public struct ByteSlab: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory belongs to this one owner, like the elements of any struct.
    @usableFromInline let storage: UnsafeMutableRawPointer
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

    /// Allocates `count` slots of `slotSize` octets that must be written before they are read.
    ///
    /// Slots that are never used are never there.
    public init(uninitializedCount count: Int, slotSize: Int) {
        precondition(count > 0 && slotSize > 0, "a slab needs slots")
        unsafe storage = UnsafeMutableRawPointer.allocate(
            byteCount: count * slotSize, alignment: 16)
        self.slotSize = slotSize
        self.count = count
    }

    /// Allocates one slot of `byteCount` octets that must be written before they are read.
    ///
    /// Memory of a large slab that is never touched is never there.
    public init(uninitializedByteCount byteCount: Int) {
        self.init(uninitializedCount: 1, slotSize: byteCount)
    }

    /// Copies `byteCount` octets within a slot; the ranges may overlap.
    public mutating func move(in index: Int, from source: Int, to target: Int, byteCount: Int) {
        precondition(index >= 0 && index < count && byteCount >= 0)
        precondition(source >= 0 && source <= slotSize - byteCount)
        precondition(target >= 0 && target <= slotSize - byteCount)
        let slot = unsafe storage + index * slotSize
        // Both ranges were tested above.
        unsafe (slot + target).copyMemory(from: slot + source, byteCount: byteCount)
    }

    /// Copies the first octets of one slot to another.
    public mutating func copySlot(_ source: Int, to target: Int, byteCount: Int) {
        precondition(source >= 0 && source < count && target >= 0 && target < count)
        precondition(byteCount >= 0 && byteCount <= slotSize)
        // Both slots and the length were tested above.
        unsafe (storage + target * slotSize).copyMemory(
            from: storage + source * slotSize, byteCount: byteCount)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The first `length` octets of slot `index`.
    @inlinable
    @inline(__always)
    @_lifetime(borrow self)
    public func span(_ index: Int, length: Int) -> RawSpan {
        precondition(index >= 0 && index < count && length >= 0 && length <= slotSize)
        // Slot and length were tested on the line above, and the slab outlives the span.
        let bytes = unsafe UnsafeRawBufferPointer(
            start: storage + index * slotSize, count: length)
        return unsafe _overrideLifetime(bytes.bytes, borrowing: self)
    }

    /// Slot `index`, to write to.
    @inlinable
    @inline(__always)
    @_lifetime(&self)
    public mutating func mutableSpan(_ index: Int) -> MutableRawSpan {
        precondition(index >= 0 && index < count)
        // The slot was tested on the line above, and the slab outlives the span.
        let bytes = unsafe UnsafeMutableRawBufferPointer(
            start: storage + index * slotSize, count: slotSize)
        return unsafe _overrideLifetime(bytes.mutableBytes, mutating: &self)
    }
}
