/// Walks over domain names in wire format without decoding them (RFC 1035 section 4.1.4).
public enum Name {
    /// The longest name, length octets and root included (RFC 1035 section 3.1).
    public static let maximumByteCount = 255
    /// The most pointers of use in a name: one before each of the labels that 255 octets hold.
    @usableFromInline static let maximumPointers = 127

    /// Where the last two labels of the plain name at the start of `question` begin.
    @inlinable
    public static func startOfDomain(in question: RawSpan) -> Int {
        var last = 0
        var previous = 0
        var offset = 0
        while offset < question.byteCount {
            let length = Int(question.octet(at: offset))
            if length == 0 || length >= 64 { break }
            previous = last
            last = offset
            offset &+= 1 &+ length
        }
        return previous
    }

    /// The offset after the uncompressed name at `start`: no pointers, at most 255 octets.
    @inlinable
    public static func endOfPlainName(
        in message: RawSpan, from start: Int
    ) throws(WireError) -> Int {
        let limit = min(message.byteCount, start &+ maximumByteCount)
        var offset = start
        while offset < limit {
            let length = Int(message.octet(at: offset))
            if length == 0 { return offset &+ 1 }
            guard length < 64 else { throw length >= 192 ? .badPointer : .badLabel }
            offset &+= 1 &+ length
        }
        throw limit == message.byteCount && offset >= limit && limit < start &+ maximumByteCount
            ? .truncated : .nameTooLong
    }

    /// The offset after the name at `start`, whose pointers are followed and checked.
    ///
    /// Every pointer must lead strictly before the place where the labels it continues began, so
    /// that the walk ends, and the labels there must end before that place: what a name says never
    /// depends on what follows it, so that a message can be cut behind any record. A name has at
    /// most 127 labels, and as many pointers are followed, so it takes at most 255 steps whatever
    /// the message looks like (RFC 9267 sections 2 and 3).
    @inlinable
    public static func end(in message: RawSpan, from start: Int) throws(WireError) -> Int {
        var offset = start
        // The labels at hand lie in runStart..<limit.
        var runStart = start
        var limit = message.byteCount
        var end: Int?
        var expanded = 0
        var pointers = 0
        while true {
            guard offset < limit else { throw end == nil ? .truncated : .badPointer }
            let length = Int(message.octet(at: offset))
            if length < 64 {
                expanded &+= 1 &+ length
                guard expanded <= maximumByteCount else { throw .nameTooLong }
                offset &+= 1 &+ length
                if length == 0 { return end ?? offset }
            } else {
                guard length >= 192 else { throw .badLabel }
                guard limit &- offset >= 2 else { throw end == nil ? .truncated : .badPointer }
                let target = Int(message.uint16(at: offset) & 0x3fff)
                guard target < runStart, target >= Header.byteCount else { throw .badPointer }
                pointers &+= 1
                guard pointers <= maximumPointers else { throw .badPointer }
                if end == nil { end = offset &+ 2 }
                limit = runStart
                offset = target
                runStart = target
            }
        }
    }
}
