import CGnuTLS
import NetAddress

extension TLSSession {
    /// What the handshake has agreed on; `nil` before it is done.
    public var properties: TLSProperties? {
        guard let identity else { return nil }
        return TLSProperties(
            version: version, cipher: cipher, group: group, isResumed: isResumed,
            applicationProtocol: applicationProtocol, verifiedBy: identity,
            certificateEnd: certificateEnd, tolerated: unsafe state.pointee.tolerated)
    }

    var isResumed: Bool { unsafe gnutls_session_is_resumed(session) != 0 }

    var version: TLSVersion {
        unsafe gnutls_protocol_get_version(session) == GNUTLS_TLS1_3 ? .v13 : .v12
    }

    var applicationProtocol: String? {
        var name = unsafe gnutls_datum_t()
        guard unsafe gnutls_alpn_get_selected_protocol(session, &name) >= 0 else { return nil }
        return unsafe printable(octets(of: name))
    }

    /// The earliest end among the certificates sent.
    var certificateEnd: Int64? {
        let time = unsafe gnutls_certificate_expiration_time_peers(session)
        return time < 0 ? nil : Int64(time)
    }

    /// A ticket from what GnuTLS holds, and the arrival forgotten.
    mutating func makeTicket(_ verifiedBy: TLSIdentity) -> SessionTicket? {
        guard let lifetime = unsafe state.pointee.ticketLifetime else { return nil }
        unsafe state.pointee.ticketLifetime = nil
        var end = certificateEnd
        // A pinned key is trusted whatever its certificate says of time.
        if case .pin = verifiedBy { end = nil }
        guard
            let lastUse = SessionTicket.lastUse(
                receivedAt: secondsSinceEpoch(), lifetime: lifetime, version: version,
                certificateEnd: end)
        else { return nil }
        var packed = unsafe gnutls_datum_t()
        guard unsafe gnutls_session_get_data2(session, &packed) >= 0 else { return nil }
        defer { unsafe cgnutls_free(packed.data) }
        return unsafe SessionTicket(
            data: octets(of: packed),
            identity: TicketIdentity(server: state.pointee.server, context: context),
            notAfter: lastUse)
    }

    private var cipher: String {
        unsafe gnutls_ciphersuite_get(session).map { unsafe String(cString: $0) } ?? "unknown"
    }

    private var group: String {
        let name = unsafe gnutls_group_get_name(gnutls_group_get(session))
        return unsafe name.map { unsafe String(cString: $0) } ?? "none"
    }
}
