import CGnuTLS

/// The certificates of the authorities that are trusted, found by the names they sign with.
///
/// GnuTLS takes 70 microseconds and 25 KiB to read a certificate, a system trusts some 140 of
/// them, and a handshake needs one. So they are kept as they are in the file, with nothing known of
/// each but where its subject is, and GnuTLS is given those that may have signed what a server
/// presents.
final class TrustStore: Sendable {
    private struct Authority {
        let certificate: Range<Int>
        let subject: Range<Int>
    }

    /// Every certificate in DER, one behind the other.
    private let octets: [UInt8]
    private let authorities: [Authority]
    let digest: TrustDigest

    /// Why there is no store.
    enum Defect: Error, Equatable {
        case empty
        /// A certificate cannot be read.
        case damaged(reason: String)
        case library(reason: String)
    }

    /// Takes every certificate of a PEM text.
    ///
    /// With `isThorough` GnuTLS reads each of them once, so that whatever is wrong with one shows
    /// now; without, a certificate with a sound frame around nonsense signs for nobody.
    init(pem text: UnsafeBufferPointer<UInt8>, isThorough: Bool) throws(Defect) {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count / 4 * 3)
        var authorities: [Authority] = []
        var cursor = unsafe PEMCursor(borrowing: text)
        while let block = unsafe cursor.next() {
            let start = octets.count
            guard unsafe block.isClosed, unsafe Base64.decode(block.body, into: &octets) else {
                throw .damaged(reason: libraryWords(for: GNUTLS_E_BASE64_DECODING_ERROR))
            }
            let certificate = start..<octets.count
            guard let subject = CertificateOutline.subject(in: octets, certificate),
                !isThorough || Self.isReadable(octets[certificate])
            else { throw .damaged(reason: libraryWords(for: GNUTLS_E_ASN1_DER_ERROR)) }
            authorities.append(Authority(certificate: certificate, subject: subject))
        }
        guard !authorities.isEmpty else { throw .empty }
        guard let digest = TrustDigest(of: octets) else {
            throw .library(reason: "cannot digest the trusted certificates")
        }
        self.octets = octets
        self.authorities = authorities
        self.digest = digest
    }

    var count: Int { authorities.count }

    /// Lends each certificate whose subject is one of `names`, in DER, to `body`.
    func withAuthorities(
        named names: [[UInt8]], _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        unsafe octets.withUnsafeBufferPointer { octets in
            for authority in authorities {
                let subject = unsafe octets[authority.subject]
                guard names.contains(where: { unsafe $0.elementsEqual(subject) }) else { continue }
                unsafe body(UnsafeBufferPointer(rebasing: octets[authority.certificate]))
            }
        }
    }

    private static func isReadable(_ certificate: ArraySlice<UInt8>) -> Bool {
        unsafe certificate.withUnsafeBufferPointer { octets in
            let certificate = unsafe Certificate(der: datum(borrowing: octets))
            return certificate != nil
        }
    }
}
