public import NetAddress

/// What is wrong with a server's certificate.
public enum VerificationFailure: Error, Equatable, Sendable {
    /// The time is seconds since 1970, as everywhere here.
    case expired(since: Int64)
    case notYetValid(until: Int64)
    case selfSigned
    case unknownIssuer(String)
    /// What the certificate's subject alternative names say, and what was meant.
    case nameMismatch(names: [String], wanted: String)
    case pinMismatch(PublicKeyPin)
    case wrongPurpose
    case certificateAuthority
    case oldFormat
    case weakKey
    case revoked
    case badStatus
    case missing
    case unreadable
    /// Something rarer, in GnuTLS's own words for its status bits.
    case other(status: UInt32, words: String)
}

extension VerificationFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .expired(let time):
            "certificate expired on \(CalendarDate(secondsSinceEpoch: time))"
        case .notYetValid(let time):
            "certificate not valid before \(CalendarDate(secondsSinceEpoch: time))"
        case .selfSigned: "certificate is self-signed"
        case .unknownIssuer(let issuer): "unknown issuer: \(issuer)"
        case .nameMismatch(let names, let wanted): Self.words(names: names, wanted: wanted)
        case .pinMismatch(let seen):
            "pin mismatch: the server's key is pin-sha256=\(seen)"
        case .wrongPurpose: "certificate is not meant for a TLS server"
        case .certificateAuthority: "certificate is that of an authority, not of a server"
        case .oldFormat: "certificate is of X.509 version 1 or 2"
        case .weakKey: "key or signature too weak"
        case .revoked: "certificate is revoked"
        case .badStatus: "the revocation status from the server is missing, invalid or out of date"
        case .missing: "the server sent no certificate"
        case .unreadable: "certificate cannot be read"
        case .other(_, let words): words
        }
    }

    /// A short name for counters and journal fields, which never changes.
    public var code: String {
        switch self {
        case .expired: "certificate-expired"
        case .notYetValid: "certificate-not-yet-valid"
        case .selfSigned: "certificate-self-signed"
        case .unknownIssuer: "certificate-unknown-issuer"
        case .nameMismatch: "certificate-name-mismatch"
        case .pinMismatch: "certificate-pin-mismatch"
        case .wrongPurpose: "certificate-wrong-purpose"
        case .certificateAuthority: "certificate-is-authority"
        case .oldFormat: "certificate-old-format"
        case .weakKey: "certificate-weak"
        case .revoked: "certificate-revoked"
        case .badStatus: "certificate-bad-status"
        case .missing: "certificate-missing"
        case .unreadable: "certificate-unreadable"
        case .other: "certificate-refused"
        }
    }

    private static func words(names: [String], wanted: String) -> String {
        guard !names.isEmpty else {
            return "certificate has no subject alternative name, wanted \(wanted)"
        }
        return "name is \(names.joined(separator: ", ")), wanted \(wanted)"
    }
}
