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
    /// The OCSP response to send along, in DER.
    public private(set) var staple: [UInt8]?
    /// When the certificate ends to be valid, in seconds since the epoch.
    public let notAfter: Int

    /// The same with another response sent along.
    public func stapling(_ response: [UInt8]?) -> Self {
        var copy = self
        copy.staple = response
        return copy
    }
}
