import CGnuTLS
public import NetAddress

/// A certificate as a server has sent it, believed or not, for people to read.
public struct PresentedCertificate: Equatable, Sendable {
    public let subject: String
    public let issuer: String
    /// Its alternative names, the first few of them.
    public let names: [String]
    /// The day after which it is not valid.
    public let lastDay: String
    /// Seconds since 1970.
    public let notAfter: Int64
    public let pin: PublicKeyPin?
}

extension TLSSession {
    /// What the server has sent, its own certificate first; empty before it has sent any.
    public var presentedCertificates: [PresentedCertificate] {
        var count: UInt32 = 0
        // The list belongs to the session, which outlives this call.
        guard let first = unsafe gnutls_certificate_get_peers(session, &count) else { return [] }
        let chain = unsafe UnsafeBufferPointer(start: first, count: Int(count))
        var certificates: [PresentedCertificate] = []
        for index in 0..<min(chain.count, Int(Limits.chainDepth)) {
            guard let certificate = unsafe Certificate(der: chain[index]) else { continue }
            certificates.append(certificate.presented)
        }
        return certificates
    }
}

extension Certificate {
    fileprivate var presented: PresentedCertificate {
        PresentedCertificate(
            subject: subject, issuer: issuer,
            names: alternativeNames.prefix(Limits.namesInWords).map(\.words),
            lastDay: "\(CalendarDate(secondsSinceEpoch: notAfter))", notAfter: notAfter, pin: pin)
    }
}
