/// The one question of a message; its name begins right after the header.
@frozen
public struct Question: Equatable, Sendable {
    @usableFromInline let storedLength: UInt16
    public let type: RecordType
    public let recordClass: RecordClass

    /// Octets of the name in wire format, root included: 1 to 255.
    @inlinable
    public var nameLength: Int { Int(storedLength) }

    @inlinable
    public init(nameLength: Int, type: RecordType, recordClass: RecordClass) {
        storedLength = UInt16(truncatingIfNeeded: nameLength)
        self.type = type
        self.recordClass = recordClass
    }

    /// Where the question begins in every message that has one.
    public static let offset = Header.byteCount
    /// The largest question: a name of 255 octets, TYPE and CLASS.
    public static let maximumByteCount = Name.maximumByteCount + 4

    /// Octets of the whole question.
    @inlinable
    public var byteCount: Int { nameLength &+ 4 }

    /// The offset after the question.
    @inlinable
    public var end: Int { Self.offset &+ byteCount }

    /// Reads the question of `message`, whose name must not be compressed.
    @inlinable
    @inline(__always)
    public init(_ message: RawSpan) throws(WireError) {
        let end = try Name.endOfPlainName(in: message, from: Self.offset)
        guard message.byteCount &- end >= 4 else { throw .truncated }
        self.init(message, nameLength: end &- Self.offset)
    }

    /// Reads TYPE and CLASS behind a name of `nameLength` octets; both must be within `message`.
    @inlinable
    @inline(__always)
    init(_ message: RawSpan, nameLength: Int) {
        let fields = Self.offset &+ nameLength
        let both = message.uint32(at: fields)
        storedLength = UInt16(truncatingIfNeeded: nameLength)
        type = RecordType(rawValue: UInt16(truncatingIfNeeded: both >> 16))
        recordClass = RecordClass(rawValue: UInt16(truncatingIfNeeded: both))
    }
}
