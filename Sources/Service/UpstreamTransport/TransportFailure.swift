public import LinuxIO
public import TLS

/// Why a connection ended.
public enum TransportFailure: Error, Equatable, Sendable, CustomStringConvertible {
    /// The system refused, before or after the connection was made.
    case system(Errno)
    case tls(TLSFailure)
    /// The server closed its side.
    case closed
    /// It announced a message of no octets, so where the next one begins is anybody's guess.
    case emptyFrame
    case outOfMemory

    /// The reason in words, for the log.
    public var description: String {
        switch self {
        case .system(let error): "\(error)"
        case .tls(let failure): "\(failure)"
        case .closed: "closed by the server"
        case .emptyFrame: "the server sent an empty message"
        case .outOfMemory: "out of memory"
        }
    }

    /// A short name for counters and journal fields.
    public var code: String {
        switch self {
        case .system: "system"
        case .tls(let failure): failure.code
        case .closed: "closed"
        case .emptyFrame: "empty-message"
        case .outOfMemory: "out-of-memory"
        }
    }
}
