/// A cursor over a DNS message; every read is checked and answers `nil` past the end.
struct WireCursor {
    let bytes: [UInt8]
    var offset: Int

    mutating func octet() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    mutating func uint16() -> UInt16? {
        guard let high = octet(), let low = octet() else { return nil }
        return UInt16(high) << 8 | UInt16(low)
    }

    mutating func uint32() -> UInt32? {
        guard let high = uint16(), let low = uint16() else { return nil }
        return UInt32(high) << 16 | UInt32(low)
    }

    mutating func octets(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= bytes.count - offset else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    /// Reads a name; a pointer must point to before the place where its name began.
    mutating func name() -> TestName? {
        var labels: [[UInt8]] = []
        var position = offset
        var limit = offset
        var end: Int?
        var length = 1
        while position < bytes.count {
            let count = Int(bytes[position])
            if count == 0 {
                offset = end ?? position + 1
                return TestName(labels: labels)
            }
            if count & 0xc0 == 0xc0 {
                guard position + 1 < bytes.count else { return nil }
                let target = (count & 0x3f) << 8 | Int(bytes[position + 1])
                guard target < limit else { return nil }
                end = end ?? position + 2
                limit = target
                position = target
                continue
            }
            length += count + 1
            guard count < 64, length <= 255, position + 1 + count <= bytes.count else { return nil }
            labels.append(Array(bytes[(position + 1)...(position + count)]))
            position += count + 1
        }
        return nil
    }
}

/// Appends to a DNS message.
struct WireWriter {
    var bytes: [UInt8] = []

    mutating func octets(_ octets: [UInt8]) { bytes += octets }

    mutating func uint16(_ value: UInt16) {
        bytes += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    mutating func uint32(_ value: UInt32) {
        uint16(UInt16(value >> 16))
        uint16(UInt16(truncatingIfNeeded: value))
    }

    /// Appends a record whose owner is already on the wire.
    mutating func record(
        owner: [UInt8], type: UInt16, class: UInt16 = 1, ttl: UInt32, data: [UInt8]
    ) {
        octets(owner)
        uint16(type)
        uint16(`class`)
        uint32(ttl)
        uint16(UInt16(truncatingIfNeeded: data.count))
        octets(data)
    }
}

extension [UInt8] {
    /// Overwrites the 16 bits at `offset`; nothing happens past the end.
    mutating func setUInt16(_ value: UInt16, at offset: Int) {
        guard offset + 2 <= count else { return }
        self[offset] = UInt8(value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// The bytes with their length in two octets before them (RFC 1035 section 4.2.2).
    var framed: [UInt8] {
        [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)] + self
    }
}
