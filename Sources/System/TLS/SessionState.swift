import CGnuTLS
import NetAddress

/// What GnuTLS's callbacks of one session read and write.
///
/// It stays at one address for the life of the session: the transport pointer and the session
/// pointer lead to it. A callback runs only inside a GnuTLS call of the `TLSSession` that owns it,
/// and no reference into it is held across such a call.
@safe
struct SessionState {
    /// What the check of the certificate came to.
    enum Verdict {
        case none
        case verified(TLSIdentity)
        case refused(VerificationFailure)
    }

    /// Borrowed: the caller of `TLSSession` closes it, after the session.
    let descriptor: CInt
    let server: UpstreamServer
    let trust: TrustStore
    /// What GnuTLS checks certificates by: of the authorities, those that this server's may come
    /// from.
    let credentials: OpaquePointer
    /// Whether a certificate is accepted whose only fault is its dates.
    let toleratesDates: Bool
    var input: InputBuffer
    /// The last error of the transport, zero before one.
    var systemError: CInt = 0
    var verdict = Verdict.none
    /// What was tolerated.
    var tolerated: VerificationFailure?
    /// The lifetime of the latest ticket, in seconds, until it is taken.
    var ticketLifetime: UInt32?

    /// `nil` when memory runs out; the owner calls `free()` at the end.
    init?(
        descriptor: CInt, server: UpstreamServer, trust: TrustStore, toleratesDates: Bool
    ) {
        var created: OpaquePointer?
        guard unsafe gnutls_certificate_allocate_credentials(&created) >= 0,
            let credentials = unsafe created
        else { return nil }
        unsafe gnutls_certificate_set_verify_limits(
            credentials, Limits.keyBits, Limits.chainDepth)
        unsafe self.credentials = credentials
        self.descriptor = descriptor
        self.server = server
        self.trust = trust
        self.toleratesDates = toleratesDates
        input = InputBuffer(capacity: Limits.inputBytes)
    }

    /// Gives back what is not Swift's; the session has gone.
    func free() {
        input.deallocate()
        unsafe gnutls_certificate_free_credentials(credentials)
    }
}

extension UnsafeMutablePointer<SessionState> {
    /// The state behind one of GnuTLS's untyped pointers, which was made from one.
    init?(recovering pointer: UnsafeMutableRawPointer?) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self = pointer.assumingMemoryBound(to: SessionState.self)
    }

    /// The state of a session inside one of its callbacks.
    init?(of session: OpaquePointer?) {
        unsafe self.init(recovering: gnutls_session_get_ptr(session))
    }
}

/// Called once in a full handshake, when the certificate is known and before anything is sent by
/// the application; anything but zero ends the handshake.
@c(dotproxy_tls_verify)
func verifyPeer(of session: OpaquePointer?) -> CInt {
    guard let session = unsafe session,
        let state = unsafe UnsafeMutablePointer<SessionState>(of: session)
    else { return -1 }
    return unsafe state.judgePeer(of: session) ? 0 : -1
}

/// Called when a ticket has arrived; its lifetime is in the first four octets, in TLS 1.2
/// (RFC 5077 section 3.3) as in TLS 1.3 (RFC 8446 section 4.6.1).
@c(dotproxy_tls_ticket)
func ticketArrived(
    at session: OpaquePointer?, _ kind: CUnsignedInt, _ when: CUnsignedInt,
    _ isIncoming: CUnsignedInt, _ message: UnsafePointer<gnutls_datum_t>?
) -> CInt {
    guard let state = unsafe UnsafeMutablePointer<SessionState>(of: session),
        let message = unsafe message?.pointee, unsafe message.size >= 4
    else { return 0 }
    let octets = unsafe UnsafeBufferPointer(start: message.data, count: 4)
    unsafe state.pointee.ticketLifetime = octets.reduce(0) { $0 << 8 | UInt32($1) }
    return 0
}

extension UnsafeMutablePointer<SessionState> {
    /// Checks the certificate of `session` and keeps the verdict; whether it is the server meant.
    func judgePeer(of session: OpaquePointer) -> Bool {
        var verification = unsafe PeerVerification(
            borrowing: session, server: pointee.server, trust: pointee.trust,
            credentials: pointee.credentials, toleratesDates: pointee.toleratesDates)
        do throws(VerificationFailure) {
            let identity = try verification.verify()
            unsafe pointee.verdict = .verified(identity)
            unsafe pointee.tolerated = verification.tolerated
            return true
        } catch {
            unsafe pointee.verdict = .refused(error)
            return false
        }
    }
}
