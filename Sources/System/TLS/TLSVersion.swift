/// A version of TLS that may be spoken; older ones never are (RFC 8996).
public enum TLSVersion: Comparable, Sendable, CustomStringConvertible {
    case v12
    case v13

    /// As it is written in the configuration: `1.2` or `1.3`.
    public var description: String {
        switch self {
        case .v12: "1.2"
        case .v13: "1.3"
        }
    }
}
