import CGnuTLS
import Glibc
import NetAddress

/// A certificate authority made for one test, with P-256 keys because they are quick to make.
///
/// Its certificate lies in a temporary file for as long as the authority lives.
public final class CertificateAuthority: Sendable {
    /// The authority's own certificate, in PEM.
    public let certificatePEM: [UInt8]
    /// The path of a file with the root's certificate, in PEM: what a client should trust.
    public let pemFile: String
    /// The folder of `pemFile`, for other files of the test.
    public let folder: TemporaryFolder
    private let certificate: Certificate
    private let key: PrivateKey
    /// The certificates a server has to send after its own, in PEM; empty for a root.
    private let intermediatesPEM: [UInt8]

    /// Makes a root.
    public init(commonName: String = "dotproxy test root") throws {
        let request = CertificateRequest(commonName: commonName).with {
            $0.isAuthority = true
            $0.purpose = .unstated
        }
        key = try PrivateKey(.p256)
        certificate = try CertificateMaker.make(request, key: key, issuer: nil)
        certificatePEM = try certificate.export(GNUTLS_X509_FMT_PEM)
        intermediatesPEM = []
        folder = try TemporaryFolder()
        pemFile = try folder.write(certificatePEM, as: "root.pem")
    }

    private init(
        commonName: String, under parent: CertificateAuthority,
        constraints: [String], areExcluded: Bool
    ) throws {
        let request = CertificateRequest(commonName: commonName).with {
            $0.isAuthority = true
            $0.purpose = .unstated
            ($0.constraints, $0.excludesConstraints) = (constraints, areExcluded)
        }
        key = try PrivateKey(.p256)
        certificate = try CertificateMaker.make(
            request, key: key, issuer: (parent.certificate, parent.key))
        certificatePEM = try certificate.export(GNUTLS_X509_FMT_PEM)
        intermediatesPEM = certificatePEM + parent.intermediatesPEM
        folder = parent.folder
        pemFile = parent.pemFile
    }

    /// Makes an authority that this one vouches for; servers send its certificate along.
    ///
    /// With `constraints` it may vouch for names below these alone, or for all but those.
    public func intermediate(
        commonName: String = "dotproxy test intermediate", constraints: [String] = [],
        areExcluded: Bool = false
    ) throws -> CertificateAuthority {
        try CertificateAuthority(
            commonName: commonName, under: self, constraints: constraints,
            areExcluded: areExcluded)
    }

    /// Makes a key and the certificate that was asked for.
    public func issue(_ request: CertificateRequest) throws -> Credentials {
        let leafKey = try PrivateKey(request.key)
        let leaf = try CertificateMaker.make(
            request, key: leafKey, issuer: request.isSelfSigned ? nil : (certificate, key))
        let pem = try leaf.export(GNUTLS_X509_FMT_PEM)
        guard let pin = PublicKeyPin(digest: try leaf.keyDigest()) else {
            throw GnuTLSError(call: "SHA-256", code: GNUTLS_E_INTERNAL_ERROR)
        }
        return Credentials(
            chainPEM: pem + (request.isSelfSigned ? [] : intermediatesPEM),
            certificatePEM: pem,
            certificateDER: try leaf.export(GNUTLS_X509_FMT_DER),
            privateKeyPEM: try leafKey.pem(),
            pin: pin,
            staple: try request.status.map {
                try StatusResponse.make($0, of: leaf, issuer: (certificate, key))
            },
            notAfter: gnutls_x509_crt_get_expiration_time(leaf.handle))
    }
}
