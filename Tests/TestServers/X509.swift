import CGnuTLS
import Glibc
import NetAddress

/// A private key of GnuTLS.
///
/// `@unchecked`: it is made in `init` and only read afterwards.
final class PrivateKey: @unchecked Sendable {
    let handle: gnutls_x509_privkey_t

    init(_ kind: CertificateRequest.Key) throws(GnuTLSError) {
        var key: gnutls_x509_privkey_t?
        try GnuTLSError.check(gnutls_x509_privkey_init(&key), "gnutls_x509_privkey_init")
        guard let key else { throw GnuTLSError(call: "privkey_init", code: GNUTLS_E_MEMORY_ERROR) }
        handle = key
        let (algorithm, bits) = Self.parameters(kind)
        try GnuTLSError.check(
            gnutls_x509_privkey_generate(key, algorithm, bits, 0), "gnutls_x509_privkey_generate")
    }

    deinit { gnutls_x509_privkey_deinit(handle) }

    func pem() throws(GnuTLSError) -> [UInt8] {
        var data = gnutls_datum_t()
        try GnuTLSError.check(
            gnutls_x509_privkey_export2_pkcs8(
                handle, GNUTLS_X509_FMT_PEM, nil, GNUTLS_PKCS_PLAIN.rawValue, &data),
            "gnutls_x509_privkey_export2_pkcs8")
        return data.takeBytes()
    }

    private static func parameters(
        _ kind: CertificateRequest.Key
    ) -> (gnutls_pk_algorithm_t, CUnsignedInt) {
        // GnuTLS marks a curve in a number of bits by the top bit (GNUTLS_CURVE_TO_BITS).
        let curve: CUnsignedInt = 1 << 31
        return switch kind {
        case .p256: (GNUTLS_PK_ECDSA, curve | GNUTLS_ECC_CURVE_SECP256R1.rawValue)
        case .p384: (GNUTLS_PK_ECDSA, curve | GNUTLS_ECC_CURVE_SECP384R1.rawValue)
        case .p192: (GNUTLS_PK_ECDSA, curve | GNUTLS_ECC_CURVE_SECP192R1.rawValue)
        case .rsa1024: (GNUTLS_PK_RSA, 1024)
        case .rsa2048: (GNUTLS_PK_RSA, 2048)
        }
    }
}

/// A certificate of GnuTLS.
///
/// `@unchecked`: it is filled and signed by the function that makes it and only read afterwards.
final class Certificate: @unchecked Sendable {
    let handle: gnutls_x509_crt_t

    init() throws(GnuTLSError) {
        var certificate: gnutls_x509_crt_t?
        try GnuTLSError.check(gnutls_x509_crt_init(&certificate), "gnutls_x509_crt_init")
        guard let certificate else {
            throw GnuTLSError(call: "gnutls_x509_crt_init", code: GNUTLS_E_MEMORY_ERROR)
        }
        handle = certificate
    }

    deinit { gnutls_x509_crt_deinit(handle) }

    func export(_ format: gnutls_x509_crt_fmt_t) throws(GnuTLSError) -> [UInt8] {
        var data = gnutls_datum_t()
        try GnuTLSError.check(
            gnutls_x509_crt_export2(handle, format, &data), "gnutls_x509_crt_export2")
        return data.takeBytes()
    }

    /// The digest of the SubjectPublicKeyInfo.
    func keyDigest(
        _ flags: gnutls_keyid_flags_t = GNUTLS_KEYID_USE_SHA256
    ) throws(GnuTLSError) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 64)
        var count = digest.count
        try GnuTLSError.check(
            gnutls_x509_crt_get_key_id(handle, flags.rawValue, &digest, &count),
            "gnutls_x509_crt_get_key_id")
        return Array(digest[..<count])
    }
}

extension gnutls_datum_t {
    /// Copies the bytes that GnuTLS allocated and frees them.
    mutating func takeBytes() -> [UInt8] {
        let bytes = Array(UnsafeBufferPointer(start: data, count: Int(size)))
        // GnuTLS allocates with malloc unless told otherwise, and nobody tells it.
        free(data)
        self = gnutls_datum_t()
        return bytes
    }

    /// Lends `bytes` to a call that takes a datum.
    static func with<Result>(_ bytes: [UInt8], _ body: (inout gnutls_datum_t) -> Result) -> Result {
        var copy = bytes
        return copy.withUnsafeMutableBufferPointer { buffer in
            var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            return body(&datum)
        }
    }
}
