/// Finds the messages in a TCP or TLS stream, each behind its length (RFC 1035 section 4.2.2).
///
/// Looks at octets that somebody else keeps, so that a stream may arrive in any pieces.
@frozen
public struct FrameCursor: Sendable {
    /// The size of the length before each message.
    public static let prefixLength = 2

    @usableFromInline var position = 0

    /// How many octets of the stream belong to messages that were found.
    @inlinable
    public var offset: Int { position }

    @inlinable
    public init() {}

    /// Where the next message is in `stream`, or `nil` until all of it is there.
    @inlinable
    public mutating func next(in stream: RawSpan) -> Range<Int>? {
        guard let length = announcedLength(in: stream) else { return nil }
        let start = offset &+ Self.prefixLength
        guard stream.byteCount &- start >= length else { return nil }
        position = start &+ length
        return start..<(start &+ length)
    }

    /// The length that the next message announces, or `nil` until both octets of it are there.
    @inlinable
    public func announcedLength(in stream: RawSpan) -> Int? {
        guard stream.byteCount &- offset >= Self.prefixLength else { return nil }
        return Int(stream.uint16(at: offset))
    }
}
