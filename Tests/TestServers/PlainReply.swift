import NetAddress

/// A message that a test client received.
public struct PlainReply: Sendable {
    /// The octets as they came, without a length prefix.
    public let bytes: [UInt8]
    /// Where they came from.
    public let source: Endpoint?
    public let time: Instant
    /// The message; `nil` when there is less than a header.
    public let message: TestMessage?

    init(bytes: [UInt8], source: Endpoint?) {
        self.bytes = bytes
        self.source = source
        time = .now
        message = TestMessage(bytes)
    }

    public var id: UInt16? { message?.id }
    public var rcode: UInt16? { message?.rcode }
    public var addresses: [IPAddress] { message?.addresses ?? [] }
}
