public import LinuxIO
public import NetAddress

/// A socket that queries come in on, shared by the workers that serve it.
public final class ListeningSocket: Sendable {
    /// What kind of queries come in.
    public enum Kind: Sendable {
        case datagram
        case stream
    }

    public let descriptor: FileDescriptor
    public let kind: Kind
    /// The address it is bound to.
    public let endpoint: Endpoint

    public init(owning descriptor: consuming FileDescriptor, kind: Kind, endpoint: Endpoint) {
        self.descriptor = descriptor
        self.kind = kind
        self.endpoint = endpoint
    }
}
