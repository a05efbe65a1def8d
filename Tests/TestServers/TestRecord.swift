import NetAddress

/// A resource record taken apart for tests.
public struct TestRecord: Hashable, Sendable {
    public let name: TestName
    public let type: UInt16
    public let `class`: UInt16
    public let ttl: UInt32
    /// RDATA as it stands on the wire.
    public let data: [UInt8]
    /// The name that the RDATA of NS, CNAME and PTR is.
    public let target: TestName?

    init?(_ cursor: inout WireCursor) {
        guard let name = cursor.name(), let type = cursor.uint16(), let `class` = cursor.uint16(),
            let ttl = cursor.uint32(), let length = cursor.uint16()
        else { return nil }
        var inside = cursor
        guard let data = cursor.octets(Int(length)) else { return nil }
        self.name = name
        self.type = type
        self.class = `class`
        self.ttl = ttl
        self.data = data
        let holdsName = [RecordType.ns, RecordType.cname, RecordType.ptr].contains(type)
        target = holdsName ? inside.name() : nil
        if holdsName, target == nil || inside.offset != cursor.offset { return nil }
    }

    /// The address that an A or AAAA record holds.
    public var address: IPAddress? {
        let words = data.map(UInt64.init)
        switch (type, data.count) {
        case (RecordType.a, 4):
            return IPAddress(v4: UInt32(words.reduce(0) { $0 << 8 | $1 }))
        case (RecordType.aaaa, 16):
            return IPAddress(
                v6High: words[..<8].reduce(0) { $0 << 8 | $1 },
                low: words[8...].reduce(0) { $0 << 8 | $1 })
        default:
            return nil
        }
    }

    /// The character strings of a TXT record, joined.
    public var text: [UInt8]? {
        guard type == RecordType.txt else { return nil }
        var joined: [UInt8] = []
        var cursor = WireCursor(bytes: data, offset: 0)
        while let count = cursor.octet() {
            guard let string = cursor.octets(Int(count)) else { return nil }
            joined += string
        }
        return joined
    }
}
