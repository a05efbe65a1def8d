import CGnuTLS
import Glibc

/// What an authority says of a certificate of its own in an OCSP response (RFC 6960).
public enum RevocationStatus: Hashable, Sendable {
    case good
    case revoked
    /// That it is good, said so long ago that it no longer counts.
    case goodOnce
    /// That it is good, signed by somebody else.
    case forged
}

/// Writes OCSP responses; GnuTLS only reads them.
enum StatusResponse {
    private static let sha1 = DER.sequence(DER.object([0x2b, 0x0e, 0x03, 0x02, 0x1a]), DER.null)
    private static let ecdsaWithSHA256 = DER.sequence(
        DER.object([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]))
    private static let basicResponse = DER.object([
        0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01,
    ])
    private static let day = 86_400

    /// The response of `issuer` about `certificate`, in DER.
    static func make(
        _ status: RevocationStatus, of certificate: Certificate,
        issuer: (certificate: Certificate, key: PrivateKey)
    ) throws(GnuTLSError) -> [UInt8] {
        let age = status == .goodOnce ? 30 * day : day / 24
        let said = time(nil) - age
        let name = try issuerName(certificate)
        let about = DER.sequence(
            sha1, DER.octets(try digest(name)),
            DER.octets(try digest(keyBits(issuer.certificate))),
            DER.element(0x02, try serial(certificate)))
        let verdict =
            status == .revoked
            ? DER.element(0xa1, DER.time(said - day)) : DER.element(0x80, [])
        let single = DER.sequence(
            about, verdict, DER.time(said), DER.element(0xa0, DER.time(said + 7 * day)))
        let data = DER.sequence(
            DER.element(0xa1, name), DER.time(said), DER.sequence(single))
        let signer = status == .forged ? try PrivateKey(.p256) : issuer.key
        let basic = DER.sequence(
            data, ecdsaWithSHA256, DER.element(0x03, [0] + (try sign(data, by: signer))))
        return DER.sequence(
            DER.element(0x0a, [0]),
            DER.element(0xa0, DER.sequence(basicResponse, DER.octets(basic))))
    }

    private static func digest(_ octets: [UInt8]) throws(GnuTLSError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 20)
        try GnuTLSError.check(
            gnutls_hash_fast(GNUTLS_DIG_SHA1, octets, octets.count, &digest), "hash_fast")
        return digest
    }

    private static func issuerName(_ certificate: Certificate) throws(GnuTLSError) -> [UInt8] {
        var name = gnutls_datum_t()
        try GnuTLSError.check(
            gnutls_x509_crt_get_raw_issuer_dn(certificate.handle, &name), "get_raw_issuer_dn")
        return name.takeBytes()
    }

    private static func serial(_ certificate: Certificate) throws(GnuTLSError) -> [UInt8] {
        var serial = [UInt8](repeating: 0, count: 64)
        var count = serial.count
        try GnuTLSError.check(
            gnutls_x509_crt_get_serial(certificate.handle, &serial, &count), "get_serial")
        return Array(serial[..<count])
    }

    /// The public key as it stands in the certificate, without what says how it is written.
    private static func keyBits(_ certificate: Certificate) throws(GnuTLSError) -> [UInt8] {
        var key: gnutls_pubkey_t?
        try GnuTLSError.check(gnutls_pubkey_init(&key), "pubkey_init")
        defer { gnutls_pubkey_deinit(key) }
        try GnuTLSError.check(gnutls_pubkey_import_x509(key, certificate.handle, 0), "import_x509")
        var (parameters, point) = (gnutls_datum_t(), gnutls_datum_t())
        try GnuTLSError.check(
            gnutls_pubkey_export_ecc_x962(key, &parameters, &point), "export_ecc_x962")
        _ = parameters.takeBytes()
        // The point is an octet string of 65 octets.
        return Array(point.takeBytes().dropFirst(2))
    }

    private static func sign(_ data: [UInt8], by key: PrivateKey) throws(GnuTLSError) -> [UInt8] {
        var signer: gnutls_privkey_t?
        try GnuTLSError.check(gnutls_privkey_init(&signer), "privkey_init")
        defer { gnutls_privkey_deinit(signer) }
        try GnuTLSError.check(gnutls_privkey_import_x509(signer, key.handle, 0), "import_x509")
        var signature = gnutls_datum_t()
        let code = gnutls_datum_t.with(data) {
            gnutls_privkey_sign_data(signer, GNUTLS_DIG_SHA256, 0, &$0, &signature)
        }
        try GnuTLSError.check(code, "sign_data")
        return signature.takeBytes()
    }
}

/// Writes the distinguished encoding rules of ASN.1, as far as it takes for a response.
private enum DER {
    static let null: [UInt8] = [0x05, 0x00]

    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            count < 0x80
            ? [UInt8(count)]
            : count < 0x100
                ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xff)]
        return [tag] + length + content
    }

    static func sequence(_ parts: [UInt8]...) -> [UInt8] { element(0x30, parts.flatMap { $0 }) }
    static func object(_ octets: [UInt8]) -> [UInt8] { element(0x06, octets) }
    static func octets(_ octets: [UInt8]) -> [UInt8] { element(0x04, octets) }

    /// A GeneralizedTime of seconds since the epoch.
    static func time(_ seconds: Int) -> [UInt8] {
        var (moment, parts) = (time_t(seconds), tm())
        gmtime_r(&moment, &parts)
        var text = [CChar](repeating: 0, count: 16)
        let count = strftime(&text, text.count, "%Y%m%d%H%M%SZ", &parts)
        return element(0x18, text.prefix(count).map { UInt8(bitPattern: $0) })
    }
}

/// Has a server of GnuTLS staple a response; kept alive for as long as the credentials are used.
public final class StapleSource {
    private let response: [UInt8]

    public init(_ response: [UInt8]) { self.response = response }

    public func attach(to credentials: gnutls_certificate_credentials_t) {
        gnutls_certificate_set_ocsp_status_request_function(
            credentials,
            { _, source, target in
                guard let source, let target else { return GNUTLS_E_NO_CERTIFICATE_STATUS }
                let response = Unmanaged<StapleSource>.fromOpaque(source).takeUnretainedValue()
                    .response
                // GnuTLS frees it.
                guard let copy = malloc(response.count) else { return GNUTLS_E_MEMORY_ERROR }
                memcpy(copy, response, response.count)
                target.pointee.data = copy.assumingMemoryBound(to: UInt8.self)
                target.pointee.size = UInt32(response.count)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}
