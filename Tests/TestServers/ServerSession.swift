import CGnuTLS
import Glibc
import NetAddress

/// The server's side of one TLS connection; one thread uses it.
///
/// It reads from and writes to the socket itself, so that it can count reads, cut writes and give
/// up on a peer that does not read.
final class ServerSession {
    /// What came of an attempt to go on.
    enum Step: Equatable {
        case done
        case wantsRead
        case failed(String)
    }

    /// What came of an attempt to read a record.
    enum Received: Equatable {
        case record([UInt8])
        case wantsRead
        /// The client said `close_notify`.
        case closed
        case failed(String)
    }

    private let handle: gnutls_session_t
    private let credentials: ServerCredentials
    private let socket: Socket
    private let isStopping: () -> Bool
    /// The three letters that take the place of `dot` in what the server selects.
    private var forgedProtocol: [UInt8] = []
    private(set) var readCount = 0
    var writesSingleOctets = false

    /// How long the peer may leave a write waiting: long enough for a busy machine.
    private static let writeTimeout = Interval.seconds(10)

    init(
        socket: Socket, credentials: ServerCredentials, options: DoTServerOptions,
        ticketKey: [UInt8], isStopping: @escaping () -> Bool
    ) throws(GnuTLSError) {
        var session: gnutls_session_t?
        try GnuTLSError.check(gnutls_init(&session, CUnsignedInt(1)), "gnutls_init")
        guard let session else {
            throw GnuTLSError(call: "gnutls_init", code: GNUTLS_E_MEMORY_ERROR)
        }
        handle = session
        self.credentials = credentials
        self.socket = socket
        self.isStopping = isStopping
        try configure(options, ticketKey)
        gnutls_transport_set_ptr(handle, Unmanaged.passUnretained(self).toOpaque())
        gnutls_transport_set_pull_function(handle) { pointer, buffer, count in
            guard let pointer, let buffer else { return -1 }
            return Unmanaged<ServerSession>.fromOpaque(pointer).takeUnretainedValue()
                .pull(buffer, count)
        }
        gnutls_transport_set_pull_timeout_function(handle) { _, _ in 1 }
        gnutls_transport_set_push_function(handle) { pointer, buffer, count in
            guard let pointer, let buffer else { return -1 }
            return Unmanaged<ServerSession>.fromOpaque(pointer).takeUnretainedValue()
                .push(UnsafeRawBufferPointer(start: buffer, count: count))
        }
    }

    deinit { gnutls_deinit(handle) }

    func handshake() -> Step {
        let code = gnutls_handshake(handle)
        if code == GNUTLS_E_SUCCESS { return .done }
        if gnutls_error_is_fatal(code) == 0 { return .wantsRead }
        // The client learns why, as a server's TLS library would tell it.
        gnutls_alert_send_appropriate(handle, code)
        return .failed(String(cString: gnutls_strerror(code)))
    }

    func receive() -> Received {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = gnutls_record_recv(handle, &buffer, buffer.count)
        if count > 0 { return .record(Array(buffer[..<count])) }
        if count == 0 { return .closed }
        let code = CInt(count)
        if gnutls_error_is_fatal(code) == 0 { return .wantsRead }
        return .failed(String(cString: gnutls_strerror(code)))
    }

    /// Sends in records of at most 16 KiB; `false` when the connection is of no more use.
    func send(_ bytes: [UInt8]) -> Bool {
        var offset = 0
        while offset < bytes.count {
            let count = bytes[offset...].withUnsafeBytes {
                gnutls_record_send(handle, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    func sendCloseNotify() {
        gnutls_bye(handle, GNUTLS_SHUT_WR)
    }

    var isResumed: Bool { gnutls_session_is_resumed(handle) != 0 }

    var version: String {
        guard let text = gnutls_protocol_get_name(gnutls_protocol_get_version(handle)) else {
            return ""
        }
        return String(cString: text)
    }

    var alpn: String? {
        var selected = gnutls_datum_t()
        guard gnutls_alpn_get_selected_protocol(handle, &selected) == 0 else { return nil }
        let bytes = UnsafeBufferPointer(start: selected.data, count: Int(selected.size))
        return String(decoding: bytes, as: UTF8.self)
    }

    var serverName: String? {
        var name = [UInt8](repeating: 0, count: 256)
        var count = name.count
        var kind: CUnsignedInt = 0
        guard gnutls_server_name_get(handle, &name, &count, &kind, 0) == 0 else { return nil }
        return String(decoding: name[..<count], as: UTF8.self)
    }

    private func configure(
        _ options: DoTServerOptions, _ ticketKey: [UInt8]
    ) throws(GnuTLSError) {
        let priority = options.priority
        var protocols: [String] = []
        var isRequired = false
        switch options.alpn {
        case .none: break
        case .dot: protocols = ["dot"]
        case .requires(let name): (protocols, isRequired) = ([name], true)
        case .forges(let name):
            protocols = ["dot"]
            forgeProtocol(name)
        }
        try GnuTLSError.check(
            gnutls_priority_set_direct(handle, priority, nil), "priority \(priority)")
        try GnuTLSError.check(
            gnutls_credentials_set(
                handle, GNUTLS_CRD_CERTIFICATE, UnsafeMutableRawPointer(credentials.handle)),
            "credentials_set")
        if options.sendsTickets {
            // GnuTLS copies the key.
            let code = gnutls_datum_t.with(ticketKey) {
                gnutls_session_ticket_enable_server(handle, &$0)
            }
            try GnuTLSError.check(code, "session_ticket_enable_server")
        }
        for name in protocols {
            let code = gnutls_datum_t.with(Array(name.utf8)) {
                gnutls_alpn_set_protocols(
                    handle, &$0, 1, isRequired ? GNUTLS_ALPN_MANDATORY.rawValue : 0)
            }
            try GnuTLSError.check(code, "alpn_set_protocols")
        }
    }

    private func pull(_ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        let received = recv(socket.fd, buffer, count, CInt(MSG_DONTWAIT))
        if received > 0 { readCount += 1 }
        if received < 0 { gnutls_transport_set_errno(handle, errno) }
        return received
    }

    /// Writes all of it, waiting where it must, or fails.
    private func push(_ bytes: UnsafeRawBufferPointer) -> Int {
        let octets = Array(bytes)
        let deadline = Instant.now + Self.writeTimeout
        var offset = 0
        while offset < octets.count {
            let end = writesSingleOctets ? offset + 1 : octets.count
            let sent = octets[offset..<end].withUnsafeBytes {
                Glibc.send(socket.fd, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            if sent > 0 {
                offset += sent
            } else if errno == EAGAIN, Instant.now < deadline, !isStopping() {
                // In slices, so that a server that is being stopped does not wait for its client.
                _ = socket.wait(writing: true, until: min(deadline, .now + .milliseconds(100)))
            } else {
                gnutls_transport_set_errno(handle, errno == EAGAIN ? ETIMEDOUT : errno)
                return -1
            }
        }
        return bytes.count
    }

    /// Makes the session select a protocol of three letters that the client does not know.
    ///
    /// GnuTLS selects from its own list when it reads the ClientHello and answers with what that
    /// place in the list holds later on. Setting the list anew in between changes the answer.
    private func forgeProtocol(_ name: String) {
        forgedProtocol = Array(name.utf8.prefix(3))
        gnutls_handshake_set_hook_function(
            handle, GNUTLS_HANDSHAKE_CLIENT_HELLO.rawValue, CInt(GNUTLS_HOOK_POST)
        ) { session, _, _, _, _ in
            guard let session, let pointer = gnutls_transport_get_ptr(session) else { return 0 }
            let owner = Unmanaged<ServerSession>.fromOpaque(pointer).takeUnretainedValue()
            return gnutls_datum_t.with(owner.forgedProtocol) {
                gnutls_alpn_set_protocols(session, &$0, 1, 0)
            }
        }
    }
}
