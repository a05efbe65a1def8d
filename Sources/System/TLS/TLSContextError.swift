/// Why a context could not be made, in words for the operator.
public enum TLSContextError: Error, Equatable, Sendable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    case tooLarge(path: String)
    case noCertificate(path: String)
    case malformed(path: String, reason: String)
    case noSystemTrust(reason: String)
    case library(reason: String)

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read certificates from \(path): \(reason)"
        case .tooLarge(let path):
            "\(path) is too large for a file of certificates"
        case .noCertificate(let path):
            "\(path) has no certificate in it (PEM expected)"
        case .malformed(let path, let reason):
            "\(path) has a certificate that cannot be read: \(reason)"
        case .noSystemTrust(let reason):
            "the system has no certificate authorities to trust (\(reason)); "
                + "is ca-certificates installed?"
        case .library(let reason):
            "GnuTLS: \(reason)"
        }
    }
}
