internal import DNSWire

/// Where the labels of a folded name begin, so that it can be walked from the root.
struct LabelStarts: BitwiseCopyable {
    /// The labels, root aside, at most 127.
    private(set) var count = 0
    private var starts = InlineArray<128, UInt8>(repeating: 0)

    /// Walks `name`, which has been checked and ends with the root label.
    @inline(__always)
    init(_ name: RawSpan) {
        var offset = 0
        while offset < name.byteCount, count < 127 {
            let length = Int(name.octet(at: offset))
            if length == 0 { break }
            starts[count] = UInt8(truncatingIfNeeded: offset)
            count &+= 1
            offset &+= 1 &+ length
        }
    }

    /// Where the label at `index` begins, which is below `count`.
    @inline(__always)
    subscript(index: Int) -> Int { Int(starts[index]) }
}
