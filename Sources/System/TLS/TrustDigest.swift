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

    /// Digests certificates that are one behind the other; `nil` when memory runs out.
    init?(of certificates: [UInt8]) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        // The digest is exactly as long as the four words.
        let code = unsafe withUnsafeMutableBytes(of: &words) { bytes in
            unsafe gnutls_hash_fast(
                GNUTLS_DIG_SHA256, certificates, certificates.count, bytes.baseAddress)
        }
        guard code >= 0 else { return nil }
        (first, second, third, fourth) = words
    }
}
