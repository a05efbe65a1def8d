import CGnuTLS
import NetAddress

/// Tells GnuTLS everything about a session before its first octet.
@safe
struct SessionSetup {
    /// What is spoken over the session, by its registered name (RFC 7301).
    static let applicationProtocol = "dot"

    private let session: OpaquePointer
    private let state: UnsafeMutablePointer<SessionState>

    init(borrowing session: OpaquePointer, state: UnsafeMutablePointer<SessionState>) {
        unsafe self.session = session
        unsafe self.state = state
    }

    /// Sets everything but a ticket; `false` when memory runs out.
    func configure(with context: TLSContext) -> Bool {
        unsafe gnutls_session_set_ptr(session, state)
        configureTransport()
        unsafe gnutls_session_set_verify_function(session, verifyPeer)
        // Before and not after: GnuTLS 3.7 has eaten the message by then.
        unsafe gnutls_handshake_set_hook_function(
            session, UInt32(GNUTLS_HANDSHAKE_NEW_SESSION_TICKET.rawValue), GNUTLS_HOOK_PRE,
            ticketArrived)
        unsafe gnutls_handshake_set_max_packet_length(session, Limits.handshakeMessageBytes)
        return unsafe gnutls_priority_set(session, context.priorities) >= 0
            && gnutls_credentials_set(
                session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(state.pointee.credentials))
                >= 0
            && offerProtocol() && nameServer()
    }

    /// Offers a ticket; one that GnuTLS cannot read makes a full handshake.
    func offer(_ ticket: SessionTicket) {
        unsafe ticket.data.withUnsafeBytes { bytes in
            _ = unsafe gnutls_session_set_data(session, bytes.baseAddress, bytes.count)
        }
    }

    private func configureTransport() {
        unsafe gnutls_transport_set_ptr(session, state)
        unsafe gnutls_transport_set_pull_function(session, pullOctets)
        unsafe gnutls_transport_set_vec_push_function(session, pushOctets)
        unsafe gnutls_transport_set_pull_timeout_function(session, refuseToWait)
        unsafe gnutls_transport_set_errno_function(session, transportError)
    }

    /// Offers `dot`; a server that chooses nothing is taken as well (RFC 7858 has no ALPN).
    ///
    /// GnuTLS keeps silent about a choice that was not offered, unless one is mandatory; it does
    /// not mind that there is none.
    private func offerProtocol() -> Bool {
        var name = Array(Self.applicationProtocol.utf8)
        return unsafe name.withUnsafeMutableBufferPointer { octets in
            var datum = unsafe gnutls_datum_t(data: octets.baseAddress, size: UInt32(octets.count))
            return unsafe gnutls_alpn_set_protocols(
                session, &datum, 1, GNUTLS_ALPN_MANDATORY.rawValue) >= 0
        }
    }

    /// Says which name is meant; addresses are never said (RFC 6066 section 3).
    private func nameServer() -> Bool {
        guard let name = unsafe state.pointee.server.name else { return true }
        let text = name.description
        return unsafe gnutls_server_name_set(session, GNUTLS_NAME_DNS, text, text.utf8.count) >= 0
    }
}
