/// Walks the labels of a name that has been checked, through its pointers.
@frozen
public struct LabelCursor {
    @usableFromInline var offset: Int

    @inlinable
    public init(at offset: Int) {
        self.offset = offset
    }

    /// Where the octets of the next label are, or `nil` at the root.
    ///
    /// A name that has not been checked ends at the first octet that makes no sense.
    @inlinable
    public mutating func next(in message: RawSpan) -> Range<Int>? {
        var pointers = 0
        while offset < message.byteCount {
            let length = Int(message.octet(at: offset))
            if length == 0 { return nil }
            if length < 64 {
                let start = offset &+ 1
                guard message.byteCount &- start >= length else { return nil }
                offset = start &+ length
                return start..<offset
            }
            pointers &+= 1
            guard message.byteCount &- offset >= 2, pointers <= Name.maximumPointers else {
                return nil
            }
            offset = Int(message.uint16(at: offset) & 0x3fff)
        }
        return nil
    }
}

extension Name {
    /// Where the name at `offset` really begins: behind a pointer, if it is nothing else.
    @inlinable
    public static func origin(in message: RawSpan, of offset: Int) -> Int {
        guard message.byteCount &- offset >= 2, message.octet(at: offset) >= 192 else {
            return offset
        }
        return Int(message.uint16(at: offset) & 0x3fff)
    }

    /// Whether two checked names of a message are the same but for case.
    public static func equal(in message: RawSpan, _ one: Int, _ other: Int) -> Bool {
        if origin(in: message, of: one) == origin(in: message, of: other) { return true }
        return equal(in: message, LabelCursor(at: one), LabelCursor(at: other))
    }

    /// Whether the checked name at `ancestor` is that at `name`, or one above it.
    public static func isAncestor(in message: RawSpan, _ ancestor: Int, of name: Int) -> Bool {
        let labels = labelCount(in: message, ancestor)
        var cursor = LabelCursor(at: name)
        let surplus = labelCount(in: message, name) - labels
        guard surplus >= 0 else { return false }
        for _ in 0..<surplus { _ = cursor.next(in: message) }
        return equal(in: message, LabelCursor(at: ancestor), cursor)
    }

    private static func labelCount(in message: RawSpan, _ name: Int) -> Int {
        var cursor = LabelCursor(at: name)
        var count = 0
        // A checked name has at most 127 labels.
        while count < 128, cursor.next(in: message) != nil { count += 1 }
        return count
    }

    private static func equal(
        in message: RawSpan, _ one: LabelCursor, _ other: LabelCursor
    ) -> Bool {
        var one = one
        var other = other
        for _ in 0..<128 {
            let left = one.next(in: message)
            let right = other.next(in: message)
            guard let left, let right else { return left == nil && right == nil }
            guard left.count == right.count,
                CaseFolding.equal(
                    message, at: left.lowerBound, message, at: right.lowerBound,
                    length: left.count)
            else { return false }
        }
        return false
    }
}
