import CGnuTLS
public import NetAddress

/// One TLS connection to one server, as its client, over a connected stream socket.
///
/// No call blocks, and none of ours allocates while data flows. The descriptor is borrowed: it
/// stays open until the session is gone, and is closed by its owner. No octet of the application is
/// sent before the server has proved what it is; `handshake()` is not done before that.
@safe
public struct TLSSession: ~Copyable {
    private enum Phase {
        case handshaking
        case established
        /// The peer has ended its side.
        case ended
    }

    let session: OpaquePointer
    let state: UnsafeMutablePointer<SessionState>
    let context: TLSContext
    private var phase = Phase.handshaking
    /// A record was encrypted and is not all sent; GnuTLS keeps it.
    private var hasUnsentRecord = false

    /// The ticket that was offered, while it may be handed out once more.
    private var offered: SessionTicket?
    /// Who the server is, once the handshake is done.
    private(set) var identity: TLSIdentity?
    /// Why the session ended, after a call that returned `failed`.
    public private(set) var failure: TLSFailure?

    /// Prepares a session; `nil` only when memory runs out.
    ///
    /// A ticket that was got otherwise (another server, name, pins, authorities or lowest version)
    /// or is past its time is left aside. With `toleratesDates` a certificate is accepted whose
    /// only fault is its dates; `properties` tell of it, and such a session leaves no ticket.
    public init?(
        context: TLSContext, server: UpstreamServer, ticket: SessionTicket?, descriptor: CInt,
        toleratesDates: Bool = false
    ) {
        var created: OpaquePointer?
        guard unsafe gnutls_init(&created, cgnutls_client_flags) == GNUTLS_E_SUCCESS,
            let session = unsafe created
        else { return nil }
        guard
            let initial = SessionState(
                descriptor: descriptor, server: server, trust: context.trust,
                toleratesDates: toleratesDates)
        else {
            unsafe gnutls_deinit(session)
            return nil
        }
        let state = UnsafeMutablePointer<SessionState>.allocate(capacity: 1)
        unsafe state.initialize(to: initial)
        let setup = unsafe SessionSetup(borrowing: session, state: state)
        guard setup.configure(with: context) else {
            unsafe Self.release(session, state)
            return nil
        }
        let identity = TicketIdentity(server: server, context: context)
        if let ticket, ticket.isUsable(for: identity, at: secondsSinceEpoch()) {
            setup.offer(ticket)
            offered = ticket
        }
        unsafe self.session = session
        unsafe self.state = state
        self.context = context
    }

    deinit {
        unsafe Self.release(session, state)
    }

    private static func release(
        _ session: OpaquePointer, _ state: UnsafeMutablePointer<SessionState>
    ) {
        // The callbacks' state outlives the session.
        unsafe gnutls_deinit(session)
        unsafe state.pointee.free()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Whether the call to repeat waits to write, not to read.
    public var wantsWrite: Bool { unsafe gnutls_record_get_direction(session) == 1 }

    /// Whether octets have been read from the socket that no `receive` has returned.
    ///
    /// A level-triggered wait would not tell of them, so after a `receive` that was `done`, go on
    /// until it is not, or until this is false.
    public var hasBufferedInput: Bool {
        unsafe state.pointee.input.hasOctets || gnutls_record_check_pending(session) > 0
    }

    /// Octets of memory that a session holds besides what GnuTLS does.
    public static var heldOctets: Int { Limits.inputBytes }

    /// Whether the server has said anything at all.
    public var hasHeard: Bool { unsafe state.pointee.input.hasReceived }

    /// Has the socket be read no more than `count` times until this is called again.
    ///
    /// After that it counts as empty, so that a server that sends without end cannot keep anybody
    /// from returning to the event loop; a level-triggered wait tells of the rest.
    public mutating func allowReads(_ count: Int) {
        unsafe state.pointee.input.readsLeft = count
    }

    /// Carries the handshake on, and checks who the server is.
    public mutating func handshake() -> TLSStep {
        guard failure == nil else { return .failed }
        guard phase == .handshaking else { return .done(0) }
        for _ in 0..<Limits.recordsWithoutData {
            let code = unsafe gnutls_handshake(session)
            if code == GNUTLS_E_SUCCESS { return completeHandshake() }
            if let step = step(after: code) { return step }
        }
        return fail(.protocolError(GNUTLS_E_TOO_MANY_HANDSHAKE_PACKETS))
    }

    /// Takes decrypted octets, of at most one record.
    ///
    /// `done` gives how many; none of `buffer` beyond them means anything.
    public mutating func receive(into buffer: inout MutableRawSpan) -> TLSStep {
        guard failure == nil else { return .failed }
        guard phase != .ended else { return .closed }
        guard phase == .established else { return failUnready() }
        guard !buffer.isEmpty else { return .done(0) }
        for _ in 0..<Limits.recordsWithoutData {
            // The span is valid for as long as the closure runs, and GnuTLS keeps no pointer.
            let session = unsafe session
            let result = unsafe buffer.withUnsafeMutableBytes { bytes in
                unsafe gnutls_record_recv(session, bytes.baseAddress, bytes.count)
            }
            if result > 0 { return .done(result) }
            if result == 0 || result == Int(GNUTLS_E_PREMATURE_TERMINATION) {
                phase = .ended
                return .closed
            }
            if let step = step(after: CInt(result)) { return step }
        }
        return fail(.protocolError(GNUTLS_E_TOO_MANY_EMPTY_PACKETS))
    }

    /// Sends octets as one record, and tells how many of them it took.
    ///
    /// Up to 16,384 octets go into one record, unless the server has asked for smaller ones; then,
    /// or with more octets, `done` counts fewer than were given. After `wantsWrite` the record is
    /// made and waits in the session: call again with the same octets until it is `done`.
    public mutating func send(_ octets: RawSpan) -> TLSStep {
        guard failure == nil else { return .failed }
        guard phase != .handshaking else { return failUnready() }
        guard hasUnsentRecord || !octets.isEmpty else { return .done(0) }
        for _ in 0..<Limits.recordsWithoutData {
            let result = record(octets)
            hasUnsentRecord = result == Int(GNUTLS_E_AGAIN)
            if result >= 0 { return .done(result) }
            if let step = step(after: CInt(result)) { return step }
        }
        return fail(.protocolError(GNUTLS_E_PUSH_ERROR))
    }

    /// Tells the server that nothing more will be sent; it may still answer.
    ///
    /// Before the handshake is done, or after a failure, there is nothing to tell.
    public mutating func close() -> TLSStep {
        guard failure == nil, phase != .handshaking else { return .done(0) }
        let code = unsafe gnutls_bye(session, GNUTLS_SHUT_WR)
        if code == GNUTLS_E_SUCCESS { return .done(0) }
        return step(after: code) ?? .wantsWrite
    }

    /// The latest ticket that has come since the last call, if one has.
    ///
    /// TLS 1.3 servers send them after the handshake, often with the first data, so ask after each
    /// `receive`: it costs nothing while there is none. A TLS 1.2 server need not replace the
    /// ticket it was offered, which then comes back here.
    public mutating func takeTicket() -> SessionTicket? {
        guard phase != .handshaking, failure == nil, let identity,
            unsafe state.pointee.tolerated == nil
        else { return nil }
        guard unsafe state.pointee.ticketLifetime == nil else { return makeTicket(identity) }
        defer { offered = nil }
        return offered
    }

    private func record(_ octets: RawSpan) -> Int {
        guard !hasUnsentRecord else { return unsafe gnutls_record_send(session, nil, 0) }
        let session = unsafe session
        return unsafe octets.withUnsafeBytes { bytes in
            unsafe gnutls_record_send(session, bytes.baseAddress, bytes.count)
        }
    }

    /// What a negative code asks for, `nil` to call again at once.
    private mutating func step(after code: CInt) -> TLSStep? {
        switch code {
        case GNUTLS_E_AGAIN:
            if wantsWrite { return .wantsWrite }
            // GnuTLS also says so after a record without data, with more of them waiting here, and
            // at an end of the stream inside a record.
            return unsafe state.pointee.input.isDrained ? .wantsRead : nil
        case GNUTLS_E_INTERRUPTED, GNUTLS_E_WARNING_ALERT_RECEIVED:
            return nil
        default:
            return fail(reason(for: code).kind)
        }
    }

    private mutating func completeHandshake() -> TLSStep {
        if let chosen = applicationProtocol, chosen != SessionSetup.applicationProtocol {
            return fail(.applicationProtocol)
        }
        // A resumed session brings the old certificate and no call to check it: it is checked here.
        if isResumed { _ = unsafe state.judgePeer(of: session) }
        let hasNewTicket = unsafe state.pointee.ticketLifetime != nil
        if !isResumed || version == .v13 || hasNewTicket { offered = nil }
        switch unsafe state.pointee.verdict {
        case .verified(let proved):
            identity = proved
            phase = .established
            return .done(0)
        case .refused(let reason):
            return fail(.verification(reason))
        case .none:
            return fail(.verification(.missing))
        }
    }

    private mutating func failUnready() -> TLSStep {
        fail(.protocolError(GNUTLS_E_UNAVAILABLE_DURING_HANDSHAKE))
    }

    private mutating func fail(_ kind: TLSFailure.Kind) -> TLSStep {
        let reason = TLSFailure(kind)
        failure = reason
        if let alert = reason.owedAlert {
            // Best effort: the session is over whether or not the alert leaves.
            unsafe gnutls_alert_send(session, GNUTLS_AL_FATAL, alert)
        }
        return .failed
    }

    private func reason(for code: CInt) -> TLSFailure {
        if case .refused(let reason) = unsafe state.pointee.verdict {
            return TLSFailure(.verification(reason))
        }
        let alert = unsafe gnutls_alert_get(session)
        return unsafe TLSFailure(
            code: code, systemError: state.pointee.systemError, alert: alert)
    }
}
