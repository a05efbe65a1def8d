/// One record of a message, as places in it.
@frozen
public struct ResourceRecord: Equatable, Sendable {
    /// Where the owner name begins.
    public let start: Int
    /// Where TYPE begins, right after the owner name.
    public let fields: Int
    public let type: RecordType
    public let recordClass: RecordClass
    /// The RDATA.
    public let data: Range<Int>

    /// Reads the record at `start` and checks its names and lengths, RDATA included.
    @inlinable
    public init(_ message: RawSpan, at start: Int) throws(WireError) {
        self.start = start
        // Nearly every owner is a pointer to the question, whose name was checked already.
        if message.byteCount &- start >= 2, message.uint16(at: start) == 0xc00c {
            fields = start &+ 2
        } else {
            fields = try Name.end(in: message, from: start)
        }
        guard message.byteCount &- fields >= 10 else { throw .truncated }
        type = RecordType(rawValue: message.uint16(at: fields))
        recordClass = RecordClass(rawValue: message.uint16(at: fields &+ 2))
        let length = Int(message.uint16(at: fields &+ 8))
        let dataStart = fields &+ 10
        guard message.byteCount &- dataStart >= length else { throw .truncated }
        data = dataStart..<(dataStart &+ length)
        try RecordData.check(message, type: type, recordClass: recordClass, data: data)
    }
}
