/// A block of trivial elements, allocated once and never grown.
///
/// The owner of every table on the data path: unlike `Array` it has no reference count to touch
/// and no uniqueness to test, and every access is bounds-checked.
@safe
public struct FixedArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // Unchecked: the memory belongs to this one owner, like the elements of any struct.
    @usableFromInline let storage: UnsafeMutablePointer<Element>
    public let count: Int

    /// Allocates `count` elements, each equal to `value`.
    public init(repeating value: Element, count: Int) {
        precondition(count >= 0, "a table cannot have a negative size")
        unsafe storage = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        unsafe storage.initialize(repeating: value, count: count)
        self.count = count
    }

    /// Allocates `count` elements that must be filled before they are read.
    ///
    /// For large tables of which little is used: memory that is never touched is never there.
    public init(uninitializedCount count: Int) {
        precondition(count >= 0, "a table cannot have a negative size")
        unsafe storage = UnsafeMutablePointer<Element>.allocate(capacity: max(count, 1))
        self.count = count
    }

    /// Sets every element of `range`, which must be within the table.
    public mutating func fill(_ range: Range<Int>, with value: Element) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range out of range")
        // The range was tested on the line above.
        unsafe (storage + range.lowerBound).initialize(repeating: value, count: range.count)
    }

    deinit {
        unsafe storage.deallocate()
    }

    /// The element at `index`, which must be within the table.
    @inlinable
    public subscript(index: Int) -> Element {
        @inline(__always)
        unsafeAddress {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
            // The index was tested on the line above.
            return unsafe UnsafePointer(storage + index)
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "index out of range")
            // The index was tested on the line above.
            return unsafe storage + index
        }
    }
}
