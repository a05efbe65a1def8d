/// A query as a test wants it sent, well-formed or not.
public struct PlainQuery: Sendable {
    public var id: UInt16
    public var name: TestName
    public var type: UInt16
    public var `class`: UInt16 = 1
    /// The second 16 bits of the header; RD alone as it stands.
    public var flags: UInt16 = 0x0100
    public var edns: TestEDNS?
    /// Octets to send in place of all of the above.
    public var raw: [UInt8]?

    /// Makes a recursive query; without an id it gets a random one.
    public init(
        _ name: TestName, _ type: UInt16 = RecordType.a, id: UInt16? = nil, edns: TestEDNS? = nil
    ) {
        self.id = id ?? .random(in: 0...UInt16.max)
        self.name = name
        self.type = type
        self.edns = edns
    }

    /// Sends `raw` as it is; answers are matched by its first two octets.
    public init(raw: [UInt8]) {
        self.init("", id: raw.count >= 2 ? UInt16(raw[0]) << 8 | UInt16(raw[1]) : 0)
        self.raw = raw
    }

    /// The same query with some of it changed.
    public func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }

    /// The message on the wire.
    public var bytes: [UInt8] {
        if let raw { return raw }
        var writer = WireWriter()
        for value in [id, flags, 1, 0, 0, edns == nil ? 0 : 1] { writer.uint16(value) }
        writer.octets(name.wire)
        writer.uint16(type)
        writer.uint16(`class`)
        if let edns { writer.octets(edns.wire) }
        return writer.bytes
    }
}
