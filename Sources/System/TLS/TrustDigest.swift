import CGnuTLS

/// The SHA-256 digest of every trusted certificate, by which a ticket knows what it was judged by.
public struct TrustDigest: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    /// The digest as four numbers.
    var words: [UInt64] { [first, second, third, fourth] }

    init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (first, second, third, fourth) = words
    }

    /// Digests the certificates in `trust`, a list that GnuTLS owns; `nil` when memory runs out.
    init?(of trust: OpaquePointer) {
        var hash: OpaquePointer?
        guard unsafe gnutls_hash_init(&hash, GNUTLS_DIG_SHA256) == GNUTLS_E_SUCCESS,
            let hash = unsafe hash
        else { return nil }
        var isComplete = true
        unsafe Self.forEachCertificate(in: trust) { certificate in
            var encoded = unsafe gnutls_datum_t()
            guard unsafe gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_DER, &encoded) >= 0
            else {
                isComplete = false
                return
            }
            unsafe gnutls_hash(hash, encoded.data, Int(encoded.size))
            unsafe cgnutls_free(encoded.data)
        }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        // The digest is exactly as long as the four words.
        unsafe withUnsafeMutableBytes(of: &words) { bytes in
            unsafe gnutls_hash_deinit(hash, bytes.baseAddress)
        }
        guard isComplete else { return nil }
        (first, second, third, fourth) = words
    }

    private static func forEachCertificate(
        in trust: OpaquePointer, _ body: (OpaquePointer) -> Void
    ) {
        var position: OpaquePointer?
        var certificate: OpaquePointer?
        while unsafe gnutls_x509_trust_list_iter_get_ca(trust, &position, &certificate) >= 0,
            let current = unsafe certificate
        {
            // The iterator hands out copies.
            unsafe body(current)
            unsafe gnutls_x509_crt_deinit(current)
        }
        unsafe gnutls_x509_trust_list_iter_deinit(position)
    }
}
