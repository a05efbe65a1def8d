import CGnuTLS
import Glibc

/// What all sessions of the daemon share: the authorities they trust and the TLS they speak.
///
/// Made once and never changed. Loading the system's authorities takes tens of milliseconds, so it
/// can be done aside from the work.
@safe
public final class TLSContext: @unchecked Sendable {
    // Unchecked: GnuTLS only reads both objects once `init` is through, and allows that from any
    // number of threads.
    let credentials: OpaquePointer
    let priorities: OpaquePointer

    public let minimumVersion: TLSVersion
    /// Which authorities are trusted, as one value: two contexts with equal digests judge alike.
    public let trustDigest: TrustDigest

    public init(trust: TLSTrust, minimumVersion: TLSVersion) throws(TLSContextError) {
        let credentials = try unsafe Self.makeCredentials()
        var isKept = false
        defer { if !isKept { unsafe gnutls_certificate_free_credentials(credentials) } }
        try unsafe Self.load(trust, into: credentials)
        var authorities: OpaquePointer?
        unsafe gnutls_certificate_get_trust_list(credentials, &authorities)
        guard let list = unsafe authorities, let digest = unsafe TrustDigest(of: list) else {
            throw .library(reason: "cannot digest the trusted certificates")
        }
        unsafe self.priorities = try Self.makePriorities(minimumVersion)
        unsafe self.credentials = credentials
        self.minimumVersion = minimumVersion
        trustDigest = digest
        isKept = true
    }

    deinit {
        unsafe gnutls_priority_deinit(priorities)
        unsafe gnutls_certificate_free_credentials(credentials)
    }

    private static func makeCredentials() throws(TLSContextError) -> OpaquePointer {
        var handle: OpaquePointer?
        let code = unsafe gnutls_certificate_allocate_credentials(&handle)
        guard let credentials = unsafe handle else {
            throw .library(reason: libraryWords(for: code))
        }
        unsafe gnutls_certificate_set_verify_limits(
            credentials, Limits.keyBits, Limits.chainDepth)
        return unsafe credentials
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

    private static func load(
        _ trust: TLSTrust, into credentials: OpaquePointer
    ) throws(TLSContextError) {
        switch trust {
        case .system:
            let count = unsafe gnutls_certificate_set_x509_system_trust(credentials)
            guard count > 0 else {
                throw .noSystemTrust(reason: count == 0 ? "empty" : libraryWords(for: count))
            }
        case .file(let path):
            try unsafe loadFile(path, into: credentials)
        }
    }

    private static func loadFile(
        _ path: String, into credentials: OpaquePointer
    ) throws(TLSContextError) {
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
        defer { unsafe cgnutls_free(text.data) }
        let count = unsafe gnutls_certificate_set_x509_trust_mem(
            credentials, &text, GNUTLS_X509_FMT_PEM)
        switch count {
        case 1...: return
        case 0, GNUTLS_E_NO_CERTIFICATE_FOUND: throw .noCertificate(path: path)
        case let code: throw .malformed(path: path, reason: libraryWords(for: code))
        }
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
