/// Why a passed socket cannot be used.
public struct PassedSocketError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong with it.
    public enum Problem: Error, Equatable, Sendable {
        /// `LISTEN_FDS` and its companions make no sense.
        case environment(Errno)
        case notSocket
        case unsupportedFamily
        case unsupportedType
        case unsupportedProtocol
        case notListening
        case notBound
        case failed(Errno)
    }

    /// The descriptor's number, -1 when no single one is to blame.
    public let descriptor: CInt
    public let name: String
    public let problem: Problem

    /// In words: `descriptor 4 ('dns') is a stream socket that does not listen`.
    public var description: String {
        if case .environment(let error) = problem { return "passed sockets: \(error)" }
        return "descriptor \(descriptor) ('\(name)') \(words)"
    }

    private var words: String {
        switch problem {
        case .environment(let error), .failed(let error): "cannot be examined: \(error)"
        case .notSocket: "is not a socket"
        case .unsupportedFamily:
            "is neither an IPv4 nor an IPv6 socket (a Unix stream socket must be named "
                + "'\(PassedSocket.controlName)')"
        case .unsupportedType: "is neither a stream nor a datagram socket"
        case .unsupportedProtocol: "is neither a TCP nor a UDP socket"
        case .notListening: "is a stream socket that does not listen"
        case .notBound: "is not bound to a port"
        }
    }
}
