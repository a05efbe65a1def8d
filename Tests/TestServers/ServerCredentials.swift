import CGnuTLS

/// Credentials as GnuTLS keeps them, for as long as a session may use them.
///
/// `@unchecked`: GnuTLS only reads them once they are loaded.
final class ServerCredentials: @unchecked Sendable {
    let handle: gnutls_certificate_credentials_t
    private let staple: StapleSource?

    init(_ credentials: Credentials) throws(GnuTLSError) {
        var handle: gnutls_certificate_credentials_t?
        try GnuTLSError.check(
            gnutls_certificate_allocate_credentials(&handle), "allocate_credentials")
        guard let handle else {
            throw GnuTLSError(call: "allocate_credentials", code: GNUTLS_E_MEMORY_ERROR)
        }
        self.handle = handle
        staple = credentials.staple.map { StapleSource($0) }
        let result = gnutls_datum_t.with(credentials.chainPEM) { chain in
            gnutls_datum_t.with(credentials.privateKeyPEM) { key in
                gnutls_certificate_set_x509_key_mem2(
                    handle, &chain, &key, GNUTLS_X509_FMT_PEM, nil, 0)
            }
        }
        try GnuTLSError.check(result, "set_x509_key_mem2")
        staple?.attach(to: handle)
    }

    deinit { gnutls_certificate_free_credentials(handle) }

    /// A key for session tickets.
    static func makeTicketKey() throws(GnuTLSError) -> [UInt8] {
        var key = gnutls_datum_t()
        try GnuTLSError.check(
            gnutls_session_ticket_key_generate(&key), "session_ticket_key_generate")
        return key.takeBytes()
    }
}
