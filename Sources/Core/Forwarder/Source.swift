public import NetAddress

/// How a query came.
public enum Transport: UInt8, Sendable, BitwiseCopyable {
    case datagram
    case stream
}

/// Where a query came from.
public struct Source: Equatable, Sendable, BitwiseCopyable {
    public let transport: Transport
    public let endpoint: Endpoint

    public init(_ transport: Transport, _ endpoint: Endpoint) {
        self.transport = transport
        self.endpoint = endpoint
    }
}

/// What became of a received message.
public enum Disposition: Equatable, Sendable {
    /// The answer is in the reply span: so many octets.
    case replied(Int)
    /// The answer comes later, under this id.
    case pending(QueryID)
    /// It asks for a zone: `beginTransfer` says whom to ask, and what that sends is the answer.
    case transfer
    /// There will be no answer.
    case ignored
}
