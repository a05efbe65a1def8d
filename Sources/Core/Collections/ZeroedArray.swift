/// A block of trivial elements, all zero at first, that takes memory only where it was written to.
///
/// For large tables that fill up slowly. Zeroing them at the start would make all of their memory
/// resident, in a process that may never use it.
public struct ZeroedArray<Element: BitwiseCopyable & FixedWidthInteger>: ~Copyable, Sendable {
    // Invariants:
    //   the elements of a page were all set, to zero or since, if and only if its bit is set
    private var elements: FixedArray<Element>
    private var written: FixedArray<UInt64>

    /// The size of a page in elements: a power of two, and a kernel's page for those of four
    /// octets.
    private static var pageShift: Int { 10 }

    /// Makes a table of `count` zeros.
    public init(count: Int) {
        elements = FixedArray(uninitializedCount: count)
        let pages = (count + (1 << Self.pageShift) - 1) >> Self.pageShift
        written = FixedArray(repeating: 0, count: pages / 64 + 1)
    }

    public var count: Int { elements.count }

    /// The element at `index`, which must be within the table.
    public subscript(index: Int) -> Element {
        @inline(__always)
        get {
            precondition(index >= 0 && index < elements.count, "index out of range")
            guard isWritten(index &>> Self.pageShift) else { return 0 }
            return elements[index]
        }
        @inline(__always)
        set {
            precondition(index >= 0 && index < elements.count, "index out of range")
            if !isWritten(index &>> Self.pageShift) { clearPage(index &>> Self.pageShift) }
            elements[index] = newValue
        }
    }

    /// Makes all elements zero.
    public mutating func removeAll() {
        written.fill(0..<written.count, with: 0)
    }

    @inline(__always)
    private func isWritten(_ page: Int) -> Bool {
        written[page &>> 6] &>> UInt64(truncatingIfNeeded: page & 63) & 1 == 1
    }

    private mutating func clearPage(_ page: Int) {
        let start = page << Self.pageShift
        elements.fill(start..<min(start + 1 << Self.pageShift, elements.count), with: 0)
        written[page >> 6] |= 1 << UInt64(page & 63)
    }
}
