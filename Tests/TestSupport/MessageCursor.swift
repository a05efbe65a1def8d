/// Reads a message from its beginning; every step gives `nil` at the first octet out of place.
struct MessageCursor {
    private let bytes: [UInt8]
    private var offset = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func uint16() -> UInt16? {
        guard offset + 2 <= bytes.count else { return nil }
        defer { offset += 2 }
        return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
    }

    mutating func octets(_ count: Int) -> [UInt8]? {
        guard count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    /// A name in wire format, its pointers followed.
    mutating func name() -> [UInt8]? {
        var name: [UInt8] = []
        var place = offset
        var hasJumped = false
        while place < bytes.count, name.count < 255 {
            let length = Int(bytes[place])
            if length >= 192 {
                guard place + 1 < bytes.count else { return nil }
                let target = (length & 63) << 8 | Int(bytes[place + 1])
                if !hasJumped { offset = place + 2 }
                guard target < place else { return nil }
                hasJumped = true
                place = target
                continue
            }
            guard length < 64, place + length < bytes.count else { return nil }
            name += bytes[place...(place + length)]
            place += 1 + length
            guard length == 0 else { continue }
            if !hasJumped { offset = place }
            return name.count <= 255 ? name : nil
        }
        return nil
    }
}
