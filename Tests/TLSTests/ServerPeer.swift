import CGnuTLS
import Glibc
import TestServers

/// The other side of a session: a GnuTLS server that moves on only when it is told to.
///
/// Both sides live in one thread and neither blocks, so every test is a fixed sequence of steps.
final class ServerPeer {
    struct Options {
        var priority = "NORMAL:+VERS-TLS1.1:+GROUP-SECP192R1:%VERIFY_ALLOW_SIGN_WITH_SHA1"
        var protocols = ["dot"]
        /// Whether a client that offers none of `protocols` is refused.
        var insistsOnProtocol = false
        /// More certificates, in PEM, sent after those of the chain.
        var appended: [UInt8] = []
        /// The key of its tickets; without one it sends none.
        var ticketKey: TicketKey?
        /// Whether it takes data before the handshake is over.
        var takesEarlyData = false
        /// Whether it asks the client for a certificate.
        var asksForCertificate = false
    }

    /// A key under which several peers can read each other's tickets, like one server restarted.
    final class TicketKey {
        var datum = gnutls_datum_t()

        init() { gnutls_session_ticket_key_generate(&datum) }
        deinit { cgnutls_free(datum.data) }
    }

    let descriptor: CInt
    private let session: gnutls_session_t
    private let credentials: gnutls_certificate_credentials_t
    private let staple: StapleSource?
    private(set) var isEstablished = false
    private(set) var isResumed = false
    /// Whether the client has sent a close_notify.
    private(set) var isClosed = false
    /// The plain text received, all of it.
    private(set) var received: [UInt8] = []
    /// The size of each record received.
    private(set) var recordSizes: [Int] = []
    /// The last alert received, or -1.
    private(set) var alert: Int = -1
    private(set) var serverName: String?

    init(_ certificate: Credentials, _ options: Options = Options(), descriptor: CInt) throws {
        self.descriptor = descriptor
        var credentials: gnutls_certificate_credentials_t?
        gnutls_certificate_allocate_credentials(&credentials)
        var session: gnutls_session_t?
        let early = options.takesEarlyData ? UInt32(GNUTLS_ENABLE_EARLY_DATA.rawValue) : 0
        gnutls_init(&session, UInt32(GNUTLS_SERVER) | 1 << 3 | 1 << 6 | early)
        guard let session, let credentials else { throw PeerError(code: GNUTLS_E_MEMORY_ERROR) }
        self.session = session
        self.credentials = credentials
        staple = certificate.staple.map { StapleSource($0) }
        staple?.attach(to: credentials)
        try load(certificate, options.appended)
        try PeerError.check(gnutls_priority_set_direct(session, options.priority, nil))
        gnutls_credentials_set(
            session, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials))
        if options.asksForCertificate {
            gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUEST)
        }
        gnutls_transport_set_int2(session, descriptor, descriptor)
        if let key = options.ticketKey {
            gnutls_session_ticket_enable_server(session, &key.datum)
        }
        for name in options.protocols {
            Self.withDatum(Array(name.utf8)) { datum in
                _ = gnutls_alpn_set_protocols(
                    session, &datum, 1,
                    options.insistsOnProtocol ? GNUTLS_ALPN_MANDATORY.rawValue : 0)
            }
        }
    }

    deinit {
        gnutls_deinit(session)
        gnutls_certificate_free_credentials(credentials)
        if !isDisconnected { Glibc.close(descriptor) }
    }

    private var isDisconnected = false

    /// Closes the socket without a word.
    func disconnect() {
        isDisconnected = true
        Glibc.close(descriptor)
    }

    /// Does what it can: the handshake, and then reading.
    func advance() {
        guard !isDisconnected else { return }
        if !isEstablished {
            note(gnutls_handshake(session))
            guard isEstablished else { return }
        }
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while !isClosed {
            let count = gnutls_record_recv(session, &buffer, buffer.count)
            guard count > 0 else {
                isClosed = count == 0
                noteAlert(CInt(count))
                return
            }
            recordSizes.append(count)
            received += buffer[..<count]
        }
    }

    /// Whether data has come before the handshake was over.
    var hasEarlyData: Bool {
        gnutls_session_get_flags(session) & UInt32(GNUTLS_SFLAGS_EARLY_DATA.rawValue) != 0
    }

    /// Sends octets past TLS.
    func sendRaw(_ octets: [UInt8]) -> Bool {
        Glibc.send(descriptor, octets, octets.count, CInt(MSG_NOSIGNAL)) == octets.count
    }

    /// Sends one record; whether all of it has gone.
    func send(_ bytes: [UInt8]) -> Bool {
        gnutls_record_send(session, bytes, bytes.count) == bytes.count
    }

    /// Sends a record with nothing but padding, which TLS 1.3 has.
    func sendNothing() { gnutls_record_send2(session, [0], 0, 8, 0) }

    /// Sends a close_notify and nothing after.
    func sayGoodbye() { gnutls_bye(session, GNUTLS_SHUT_WR) }

    func sendAlert(_ alert: gnutls_alert_description_t, _ level: gnutls_alert_level_t) {
        gnutls_alert_send(session, level, alert)
    }

    /// Asks a TLS 1.2 client to negotiate again, or tells a TLS 1.3 client of a new key.
    func askAgain() { gnutls_rehandshake(session) }
    func updateKey() { gnutls_session_key_update(session, 0) }
    func sendTickets(_ count: UInt32) { gnutls_session_ticket_send(session, count, 0) }

    /// Takes the certificates as they are: GnuTLS's simpler calls sort them and drop strangers.
    private func load(_ certificate: Credentials, _ appended: [UInt8]) throws {
        var key: gnutls_privkey_t?
        gnutls_privkey_init(&key)
        Self.withDatum(certificate.privateKeyPEM) {
            _ = gnutls_privkey_import_x509_raw(key, &$0, GNUTLS_X509_FMT_PEM, nil, 0)
        }
        var chain = [gnutls_pcert_st](repeating: gnutls_pcert_st(), count: 16)
        var count = UInt32(chain.count)
        var code: CInt = 0
        Self.withDatum(certificate.chainPEM + appended) {
            code = gnutls_pcert_list_import_x509_raw(&chain, &count, &$0, GNUTLS_X509_FMT_PEM, 0)
        }
        try PeerError.check(code)
        // The credentials own the key and what the list points at from here on.
        try PeerError.check(
            gnutls_certificate_set_key(credentials, nil, 0, &chain, CInt(count), key))
    }

    private func note(_ code: CInt) {
        noteAlert(code)
        guard code == GNUTLS_E_SUCCESS else {
            // Nothing is sent for a code that asks for nothing.
            gnutls_alert_send_appropriate(session, code)
            return
        }
        isEstablished = true
        isResumed = gnutls_session_is_resumed(session) != 0
        var name = [CChar](repeating: 0, count: 256)
        var size = name.count - 1
        var kind: UInt32 = 0
        if gnutls_server_name_get(session, &name, &size, &kind, 0) >= 0 {
            serverName = String(
                decoding: name.prefix(size).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    private func noteAlert(_ code: CInt) {
        guard code == GNUTLS_E_FATAL_ALERT_RECEIVED || code == GNUTLS_E_WARNING_ALERT_RECEIVED
        else { return }
        alert = Int(gnutls_alert_get(session).rawValue)
    }

    private static func withDatum(_ bytes: [UInt8], _ body: (inout gnutls_datum_t) -> Void) {
        var copy = bytes
        copy.withUnsafeMutableBufferPointer { buffer in
            var datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            body(&datum)
        }
    }
}

/// A GnuTLS call of the test's own that must work and did not.
struct PeerError: Error {
    let code: CInt

    static func check(_ code: CInt) throws {
        if code < 0 { throw PeerError(code: code) }
    }
}
