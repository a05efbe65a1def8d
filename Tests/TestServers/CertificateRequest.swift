import NetAddress

/// What a certificate should say, right or wrong.
///
/// As it stands, it asks for a good server certificate without names.
public struct CertificateRequest: Hashable, Sendable {
    /// The extended key usage.
    public enum Purpose: Hashable, Sendable {
        case server
        case client
        /// No extended key usage at all.
        case unstated
    }

    /// The kind of key, strong or not.
    public enum Key: Hashable, Sendable {
        case p256
        case p384
        case p192
        case rsa1024
        case rsa2048
    }

    /// The hash under the issuer's signature.
    public enum Digest: Hashable, Sendable {
        case sha256
        case sha1
    }

    public var names: [String]
    public var addresses: [IPAddress]
    public var commonName: String?
    /// When it begins to be valid, in seconds from now; negative is the past.
    public var validFromSeconds = -3600
    /// When it ends to be valid, in seconds from now; negative is the past.
    public var validUntilSeconds = 86_400
    public var purpose = Purpose.server
    public var key = Key.p256
    public var digest = Digest.sha256
    /// Whether the certificate may sign others (basic constraints CA:TRUE).
    public var isAuthority = false
    /// The names that it may sign certificates for, or may not (RFC 5280 section 4.2.1.10).
    public var constraints: [String] = []
    public var excludesConstraints = false
    /// Whether its own key signs it and no authority does.
    public var isSelfSigned = false
    /// Whether it is an X.509 version 1 certificate, which has no extensions and so no names.
    public var isVersion1 = false
    /// Whether it demands a stapled OCSP response (RFC 7633).
    public var mustStaple = false
    /// What the response says that a server staples; `nil` for none.
    public var status: RevocationStatus?

    public init(
        names: [String] = [], addresses: [IPAddress] = [], commonName: String? = nil
    ) {
        self.names = names
        self.addresses = addresses
        self.commonName = commonName
    }

    /// The same request with some of it changed.
    public func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
