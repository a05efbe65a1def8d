import NetAddress

/// A certificate with its chain and private key, as a server presents them.
public struct Credentials: Hashable, Sendable {
    /// The certificate and those between it and the trusted root, in PEM.
    public let chainPEM: [UInt8]
    /// The certificate alone, in PEM.
    public let certificatePEM: [UInt8]
    /// The certificate alone, in DER.
    public let certificateDER: [UInt8]
    /// The private key, in PEM.
    public let privateKeyPEM: [UInt8]
    /// The SHA-256 digest of the certificate's SubjectPublicKeyInfo.
    public let pin: PublicKeyPin
    /// When the certificate ends to be valid, in seconds since the epoch.
    public let notAfter: Int
}
