import CGnuTLS
import Glibc

/// What all sessions of the daemon share: the authorities they trust and the TLS they speak.
///
/// Made once and never changed.
@safe
public final class TLSContext: @unchecked Sendable {
    // Unchecked: GnuTLS only reads the object once `init` is through, and allows that from any
    // number of threads.
    let priorities: OpaquePointer
    let trust: TrustStore

    public let minimumVersion: TLSVersion
    /// Which authorities are trusted, as one value: two contexts with equal digests judge alike.
    public var trustDigest: TrustDigest { trust.digest }

    public init(trust: TLSTrust, minimumVersion: TLSVersion) throws(TLSContextError) {
        self.trust = try Self.load(trust)
        self.minimumVersion = minimumVersion
        unsafe priorities = try Self.makePriorities(minimumVersion)
    }

    deinit {
        unsafe gnutls_priority_deinit(priorities)
    }

    private static func makePriorities(
        _ minimum: TLSVersion
    ) throws(TLSContextError) -> OpaquePointer {
        var handle: OpaquePointer?
        let code = unsafe gnutls_priority_init(&handle, priorityText(minimum), nil)
        guard code == GNUTLS_E_SUCCESS, let priorities = unsafe handle else {
            throw .library(reason: libraryWords(for: code))
        }
        return unsafe priorities
    }

    /// What is offered, in GnuTLS's words.
    ///
    /// Narrower than the library's default, which still takes TLS 1.1, 1024-bit RSA and SHA-1:
    /// - AES-GCM first where the processor has instructions for it, ChaCha20 elsewhere; AEAD only,
    ///   and key exchange with forward secrecy only (RFC 9325 section 4.1).
    /// - X25519 first, and with it a share for P-256: one of them is right for any server, so no
    ///   round trip is lost to a second hello.
    /// - The medium profile asks 112 bits of security of every key and signature of a chain.
    static func priorityText(_ minimum: TLSVersion) -> String {
        let versions = minimum == .v13 ? "+VERS-TLS1.3" : "+VERS-TLS1.3:+VERS-TLS1.2"
        let ciphers =
            cgnutls_has_fast_aes() != 0
            ? "+AES-128-GCM:+AES-256-GCM:+CHACHA20-POLY1305"
            : "+CHACHA20-POLY1305:+AES-128-GCM:+AES-256-GCM"
        return "NORMAL:-VERS-ALL:\(versions)"
            + ":-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:\(ciphers):-MAC-ALL:+AEAD"
            + ":-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:+GROUP-SECP384R1:+GROUP-SECP521R1"
            + ":-SIGN-RSA-SHA1:-SIGN-ECDSA-SHA1:%PROFILE_MEDIUM"
    }
}

// Loading authorities.
extension TLSContext {
    /// The authorities that Debian's administrator trusts, as ca-certificates leaves them.
    private static let systemFile = "/etc/ssl/certs/ca-certificates.crt"

    /// Reads the system's authorities by their outlines alone, which takes a millisecond; a file
    /// that somebody has named is short, and mistakes in it are told at the start.
    private static func load(_ trust: TLSTrust) throws(TLSContextError) -> TrustStore {
        switch trust {
        case .file(let path):
            return try load(path, isThorough: true)
        case .system:
            do {
                return try load(systemFile, isThorough: false)
            } catch {
                throw .noSystemTrust(reason: error.description)
            }
        }
    }

    private static func load(
        _ path: String, isThorough: Bool
    ) throws(TLSContextError) -> TrustStore {
        let text = try unsafe read(path)
        defer { unsafe cgnutls_free(text.data) }
        let octets = unsafe UnsafeBufferPointer(start: text.data, count: Int(text.size))
        do throws(TrustStore.Defect) {
            return try unsafe TrustStore(pem: octets, isThorough: isThorough)
        } catch {
            switch error {
            case .empty: throw .noCertificate(path: path)
            case .damaged(let reason): throw .malformed(path: path, reason: reason)
            case .library(let reason): throw .library(reason: reason)
            }
        }
    }

    /// The contents of a file, which the caller frees.
    private static func read(_ path: String) throws(TLSContextError) -> gnutls_datum_t {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw .unreadable(path: path, reason: systemWords(for: errno))
        }
        // A device or a pipe might never end.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unreadable(path: path, reason: "not a regular file")
        }
        guard status.st_size <= Limits.trustFileBytes else { throw .tooLarge(path: path) }
        var text = unsafe gnutls_datum_t()
        guard unsafe gnutls_load_file(path, &text) == GNUTLS_E_SUCCESS else {
            throw .unreadable(path: path, reason: systemWords(for: errno))
        }
        return unsafe text
    }
}

/// What GnuTLS says about one of its codes.
func libraryWords(for code: CInt) -> String {
    unsafe gnutls_strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

/// What the C library says about a value of `errno`.
func systemWords(for code: CInt) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}
