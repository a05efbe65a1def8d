import CGnuTLS
import NetAddress

/// Decides whether the certificate of a session is that of the server that was meant.
///
/// With a name: a chain to a trusted authority, valid now, for a TLS server, with that name among
/// the dNSNames; and one of the pins, if there are any. Without a name and without pins: the same
/// with the address. With pins alone: the pin, whatever else the certificate says (RFC 7858
/// section 4.2; the operator has named the key itself).
///
/// A pin is compared with the server's own certificate only. RFC 7858 would take any of the
/// validated chain, but GnuTLS does not hand that chain out, and in the chain as it was sent
/// anybody can put a certificate that has the right key and signed nothing.
@safe
struct PeerVerification {
    /// Borrowed from the `TLSSession` that verifies.
    private let session: OpaquePointer
    private let server: UpstreamServer
    private let trust: TrustStore
    /// The session's own, which come with no authorities.
    private let credentials: OpaquePointer
    private let toleratesDates: Bool
    /// What is wrong with the dates, where that does not count.
    private(set) var tolerated: VerificationFailure?

    init(
        borrowing session: OpaquePointer, server: UpstreamServer, trust: TrustStore,
        credentials: OpaquePointer, toleratesDates: Bool
    ) {
        unsafe self.session = session
        self.server = server
        self.trust = trust
        unsafe self.credentials = credentials
        self.toleratesDates = toleratesDates
    }

    /// Who the server is, or what is wrong with its certificate.
    mutating func verify() throws(VerificationFailure) -> TLSIdentity {
        guard unsafe gnutls_certificate_type_get(session) == GNUTLS_CRT_X509,
            let chain = unsafe presentedChain, let encoded = unsafe chain.first
        else { throw .missing }
        guard let leaf = unsafe Certificate(der: encoded) else { throw .unreadable }
        if server.name == nil, !server.pins.isEmpty {
            guard leaf.hasStrongKey else { throw .weakKey }
            return .pin(try matchedPin(leaf))
        }
        unsafe trustIssuers(of: chain)
        try verifyChain(leaf)
        let identity = try matchedName(leaf)
        guard case .name(let name) = identity, !server.pins.isEmpty else { return identity }
        return .nameAndPin(name, try matchedPin(leaf))
    }

    /// The certificates as they were sent, the server's own first; they belong to the session.
    private var presentedChain: UnsafeBufferPointer<gnutls_datum_t>? {
        var count: UInt32 = 0
        guard let first = unsafe gnutls_certificate_get_peers(session, &count), count > 0 else {
            return nil
        }
        return unsafe UnsafeBufferPointer(start: first, count: Int(count))
    }

    /// Gives GnuTLS the authorities that may have signed a certificate of the chain, or be in it.
    private func trustIssuers(of chain: UnsafeBufferPointer<gnutls_datum_t>) {
        var names: [[UInt8]] = []
        // Longer chains are refused.
        for index in 0..<min(chain.count, Int(Limits.chainDepth)) {
            guard let certificate = unsafe Certificate(der: chain[index]) else { continue }
            names += certificate.rawNames
        }
        unsafe trust.withAuthorities(named: names) { authority in
            var encoded = unsafe datum(borrowing: authority)
            // One that GnuTLS cannot read has signed nothing.
            _ = unsafe gnutls_certificate_set_x509_trust_mem(
                credentials, &encoded, GNUTLS_X509_FMT_DER)
        }
    }

    private mutating func verifyChain(
        _ leaf: borrowing Certificate
    ) throws(VerificationFailure) {
        let status = try chainStatus()
        if status != 0 {
            let failure = failure(for: status, leaf)
            guard toleratesDates,
                Self.isAbout(Self.certificateDates | Self.revocationDates, status)
            else { throw failure }
            // GnuTLS leaves out the time of certificates only.
            let rest = try chainStatusWithoutDates()
            guard rest == 0 || Self.isAbout(Self.revocationDates, rest) else {
                throw self.failure(for: rest, leaf)
            }
            tolerated = failure
        }
        guard leaf.version == 3 else { throw .oldFormat }
        guard !leaf.isAuthority else { throw .certificateAuthority }
    }

    private static let certificateDates =
        GNUTLS_CERT_EXPIRED.rawValue | GNUTLS_CERT_NOT_ACTIVATED.rawValue
    /// Those of a stapled revocation status.
    private static let revocationDates =
        GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED.rawValue
        | GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE.rawValue

    /// Whether nothing but these is wrong.
    private static func isAbout(_ dates: UInt32, _ status: UInt32) -> Bool {
        status & dates != 0 && status & ~(dates | GNUTLS_CERT_INVALID.rawValue) == 0
    }

    /// GnuTLS's bits for what is wrong: the chain, the time, the purpose, the name or address and
    /// a stapled revocation status.
    private func chainStatus() throws(VerificationFailure) -> UInt32 {
        var purpose = Array(GNUTLS_KP_TLS_WWW_SERVER.utf8CString)
        // A name ends in a NUL for GnuTLS; an address is just its octets.
        var wanted =
            server.name.map { Array($0.description.utf8) + [0] } ?? server.endpoint.address.octets
        let kind = server.name == nil ? GNUTLS_DT_IP_ADDRESS : GNUTLS_DT_DNS_HOSTNAME
        let size = server.name == nil ? wanted.count : wanted.count - 1
        var status: UInt32 = 0
        var code: CInt = 0
        unsafe purpose.withUnsafeMutableBytes { purpose in
            unsafe wanted.withUnsafeMutableBufferPointer { wanted in
                // Both buffers outlive the call, which keeps no pointer to them.
                var data = unsafe [
                    gnutls_typed_vdata_st(
                        type: kind, data: wanted.baseAddress, size: UInt32(size)),
                    gnutls_typed_vdata_st(
                        type: GNUTLS_DT_KEY_PURPOSE_OID,
                        data: purpose.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        size: UInt32(purpose.count - 1)),
                ]
                code = unsafe gnutls_certificate_verify_peers(session, &data, 2, &status)
            }
        }
        guard code >= 0 else { throw .other(status: 0, words: libraryWords(for: code)) }
        return status
    }

    /// The bits for the same without the time.
    ///
    /// Asked anew: where the time is wrong GnuTLS need not have looked at everything else.
    private func chainStatusWithoutDates() throws(VerificationFailure) -> UInt32 {
        unsafe gnutls_certificate_set_verify_flags(
            credentials, GNUTLS_VERIFY_DISABLE_TIME_CHECKS.rawValue)
        defer { unsafe gnutls_certificate_set_verify_flags(credentials, 0) }
        return try chainStatus()
    }

    /// The reason that helps most, when there are several.
    private func failure(
        for status: UInt32, _ leaf: borrowing Certificate
    ) -> VerificationFailure {
        func has(_ bit: gnutls_certificate_status_t) -> Bool { status & bit.rawValue != 0 }
        if has(GNUTLS_CERT_REVOKED) { return .revoked }
        if has(GNUTLS_CERT_SIGNER_NOT_FOUND) {
            return leaf.isSelfIssued ? .selfSigned : .unknownIssuer(leaf.issuer)
        }
        if has(GNUTLS_CERT_EXPIRED) { return .expired(since: earliestExpiry(leaf)) }
        if has(GNUTLS_CERT_NOT_ACTIVATED) {
            return .notYetValid(until: latestActivation(leaf))
        }
        if has(GNUTLS_CERT_INSECURE_ALGORITHM) { return .weakKey }
        if has(GNUTLS_CERT_UNEXPECTED_OWNER) { return nameMismatch(leaf) }
        if has(GNUTLS_CERT_PURPOSE_MISMATCH) { return .wrongPurpose }
        if has(GNUTLS_CERT_MISSING_OCSP_STATUS) || has(GNUTLS_CERT_INVALID_OCSP_STATUS)
            || status & Self.revocationDates != 0
        {
            return .badStatus
        }
        return .other(status: status, words: Self.words(status: status))
    }

    private func earliestExpiry(_ leaf: borrowing Certificate) -> Int64 {
        let time = unsafe gnutls_certificate_expiration_time_peers(session)
        return time < 0 ? leaf.notAfter : Int64(time)
    }

    private func latestActivation(_ leaf: borrowing Certificate) -> Int64 {
        let time = unsafe gnutls_certificate_activation_time_peers(session)
        return time < 0 ? leaf.notBefore : Int64(time)
    }

    private static func words(status: UInt32) -> String {
        var text = unsafe gnutls_datum_t()
        let code = unsafe gnutls_certificate_verification_status_print(
            status, GNUTLS_CRT_X509, &text, 0)
        guard code >= 0 else { return "certificate refused" }
        defer { unsafe cgnutls_free(text.data) }
        return unsafe String(decoding: octets(of: text).filter { $0 != 0 }, as: UTF8.self)
    }

    /// GnuTLS would take the Common Name where there is no alternative name; this does not.
    private func matchedName(
        _ leaf: borrowing Certificate
    ) throws(VerificationFailure) -> TLSIdentity {
        let names = leaf.alternativeNames
        if let name = server.name {
            guard names.contains(where: { $0.covers(name) }) else { throw nameMismatch(leaf) }
            return .name(name)
        }
        let address = server.endpoint.address
        guard names.contains(where: { $0.covers(address) }) else { throw nameMismatch(leaf) }
        return .address(address)
    }

    private func nameMismatch(_ leaf: borrowing Certificate) -> VerificationFailure {
        let names = leaf.alternativeNames
        var told = names.prefix(Limits.namesInWords).map(\.words)
        if names.count > told.count { told.append("and \(names.count - told.count) more") }
        let wanted = server.name?.description ?? server.endpoint.address.description
        return .nameMismatch(names: told, wanted: wanted)
    }

    private func matchedPin(
        _ leaf: borrowing Certificate
    ) throws(VerificationFailure) -> PublicKeyPin {
        guard let seen = leaf.pin else { throw .unreadable }
        guard server.pins.contains(seen) else { throw .pinMismatch(seen) }
        return seen
    }
}
