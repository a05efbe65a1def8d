extension Span where Element == UInt8 {
    /// The same octets as raw memory.
    @inlinable
    public var octets: RawSpan {
        @inline(__always)
        @_lifetime(copy self)
        get {
            // Whatever is read so must have no padding, which could leak. An octet has none.
            unsafe bytes
        }
    }
}

extension MutableSpan where Element == UInt8 {
    /// The same octets as raw memory, to write to.
    @inlinable
    public var mutableOctets: MutableRawSpan {
        @inline(__always)
        @_lifetime(&self)
        mutating get {
            // Whatever is overwritten so must have no invalid values. An octet has none.
            unsafe mutableBytes
        }
    }
}
