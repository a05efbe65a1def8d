/// What a completed handshake has agreed on.
public struct TLSProperties: Equatable, Sendable {
    public let version: TLSVersion
    /// The cipher suite by its registered name.
    public let cipher: String
    /// The group of the key exchange, `none` where a resumed session has none.
    public let group: String
    /// Whether the session continued an earlier one, without a new certificate.
    public let isResumed: Bool
    /// The application protocol the server chose, `dot` or nothing.
    public let applicationProtocol: String?
    public let verifiedBy: TLSIdentity
    /// The earliest end among the certificates sent, in seconds since 1970.
    public let certificateEnd: Int64?
    /// What was wrong with the certificate's dates, where that was not to count.
    public let tolerated: VerificationFailure?
}
