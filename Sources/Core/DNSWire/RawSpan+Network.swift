extension RawSpan {
    /// The octet at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func octet(at offset: Int) -> UInt8 {
        // Any bit pattern is a UInt8; the offset is checked by the call.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The 16-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func uint16(at offset: Int) -> UInt16 {
        // Any bit pattern is a UInt16; the offset is checked by the call.
        UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The 32-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        // Any bit pattern is a UInt32; the offset is checked by the call.
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The 64-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func uint64(at offset: Int) -> UInt64 {
        // Any bit pattern is a UInt64; the offset is checked by the call.
        UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Eight octets in memory order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func word(at offset: Int) -> UInt64 {
        // Any bit pattern is a UInt64; the offset is checked by the call.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Whether the octets from `offset` on are those of `other`; not when they are fewer.
    @inlinable
    @inline(__always)
    public func holds(_ other: RawSpan, at offset: Int) -> Bool {
        guard offset >= 0, byteCount &- offset >= other.byteCount else { return false }
        let last = other.byteCount &- 8
        guard last >= 0 else {
            return CaseFolding.loadTail(self, at: offset, available: other.byteCount)
                == CaseFolding.loadTail(other, at: 0, available: other.byteCount)
        }
        // All that is read lies within the two, as the first line has seen: nothing is checked
        // again at every word.
        return unsafe withUnsafeBytes { ours in
            unsafe other.withUnsafeBytes { theirs in
                guard let left = ours.baseAddress, let right = theirs.baseAddress else {
                    return false
                }
                let start = unsafe left + offset
                var done = 0
                while done < last {
                    guard unsafe Self.isSame(start + done, right + done) else { return false }
                    done &+= 8
                }
                // The last word may overlap the one before.
                return unsafe Self.isSame(start + last, right + last)
            }
        }
    }

    /// Whether the eight octets at two places are the same.
    @inlinable
    @inline(__always)
    static func isSame(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer) -> Bool {
        // The caller vouches for the octets; any bit pattern is a number.
        unsafe left.loadUnaligned(as: UInt64.self) == right.loadUnaligned(as: UInt64.self)
    }
}

extension MutableRawSpan {
    /// The octet at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func octet(at offset: Int) -> UInt8 {
        // Any bit pattern is a UInt8; the offset is checked by the call.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The 32-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public func uint32(at offset: Int) -> UInt32 {
        // Any bit pattern is a UInt32; the offset is checked by the call.
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// Eight octets in memory order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    func word(at offset: Int) -> UInt64 {
        // Any bit pattern is a UInt64; the offset is checked by the call.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Stores one octet at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public mutating func setOctet(_ value: UInt8, at offset: Int) {
        storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
    }

    /// Stores a 16-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public mutating func setUInt16(_ value: UInt16, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt16.self)
    }

    /// Stores a 32-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public mutating func setUInt32(_ value: UInt32, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Stores a 64-bit number in network order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public mutating func setUInt64(_ value: UInt64, at offset: Int) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Stores eight octets in memory order at `offset`, which must be within the span.
    @inlinable
    @inline(__always)
    public mutating func setWord(_ value: UInt64, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// Copies `range` of `source` to `offset`; both must be within their spans.
    @inlinable
    @inline(__always)
    public mutating func copy(_ source: RawSpan, _ range: Range<Int>, to offset: Int) {
        let part = source.extracting(range)
        precondition(offset >= 0 && byteCount - offset >= part.byteCount, "copy past the end")
        guard !part.isEmpty else { return }
        // The target range was tested two lines above, the source range by `extracting`.
        unsafe withUnsafeMutableBytes { target in
            unsafe part.withUnsafeBytes { bytes in
                guard let base = target.baseAddress else { return }
                let start = unsafe UnsafeMutableRawBufferPointer(
                    start: base + offset, count: bytes.count)
                unsafe start.copyMemory(from: bytes)
            }
        }
    }

    /// Zeroes `range`, which must be within the span.
    @inlinable
    public mutating func clear(_ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= byteCount, "clear past the end")
        // The range was tested on the line above.
        unsafe withUnsafeMutableBytes { target in
            guard let base = target.baseAddress, !range.isEmpty else { return }
            unsafe (base + range.lowerBound).initializeMemory(
                as: UInt8.self, repeating: 0, count: range.count)
        }
    }
}
