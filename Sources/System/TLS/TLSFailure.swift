import CGnuTLS
import Glibc

/// Why a session ended before it should.
public struct TLSFailure: Error, Equatable, Sendable {
    /// The kinds of end, which a caller may treat differently.
    public enum Kind: Equatable, Sendable {
        /// The certificate is not that of the server that was meant.
        case verification(VerificationFailure)
        /// The server speaks no version of TLS that is allowed.
        case version
        /// The server chose an application protocol that was not offered.
        case applicationProtocol
        /// The server sent a fatal alert, by its number (RFC 8446 section 6).
        case alert(UInt8)
        /// The server closed the connection during the handshake.
        case closed
        /// The connection was reset.
        case reset
        /// The system reported another error for the connection, by its `errno`.
        case system(CInt)
        /// The server did not keep to the protocol; the number is GnuTLS's.
        case protocolError(CInt)
    }

    public let kind: Kind

    init(_ kind: Kind) {
        self.kind = kind
    }
}

extension TLSFailure: CustomStringConvertible {
    /// The reason in words, for the log.
    public var description: String {
        switch kind {
        case .verification(let failure): failure.description
        case .version: "the server offers no version of TLS that is allowed"
        case .applicationProtocol: "the server chose another protocol than DNS over TLS (ALPN)"
        case .alert(let number): "the server refused: \(Self.alertName(number))"
        case .closed: "the server closed the connection during the TLS handshake"
        case .reset: "connection reset by the server"
        case .system(let code): systemWords(for: code)
        case .protocolError(let code): libraryWords(for: code)
        }
    }

    /// A short name for counters and journal fields, which never changes.
    public var code: String {
        switch kind {
        case .verification(let failure): failure.code
        case .version: "tls-version"
        case .applicationProtocol: "tls-alpn"
        case .alert: "tls-alert"
        case .closed: "tls-closed"
        case .reset: "connection-reset"
        case .system: "connection-error"
        case .protocolError: "tls-protocol"
        }
    }

    private static func alertName(_ number: UInt8) -> String {
        let alert = gnutls_alert_description_t(UInt32(number))
        // What GnuTLS says of this one, "Handshake failed", tells nobody anything.
        guard alert != GNUTLS_A_HANDSHAKE_FAILURE else {
            return "no TLS version, cipher or key exchange in common"
        }
        let name = unsafe gnutls_alert_get_name(alert).map { unsafe String(cString: $0) }
        return name ?? "alert \(number)"
    }
}

extension TLSFailure {
    /// What a fatal code of GnuTLS means, given the last `errno` of the transport and the last
    /// alert received.
    init(code: CInt, systemError: CInt, alert: gnutls_alert_description_t) {
        switch code {
        case GNUTLS_E_PULL_ERROR, GNUTLS_E_PUSH_ERROR:
            kind = Self.kind(systemError: systemError)
        case GNUTLS_E_PREMATURE_TERMINATION:
            kind = .closed
        case GNUTLS_E_UNSUPPORTED_VERSION_PACKET:
            kind = .version
        case GNUTLS_E_FATAL_ALERT_RECEIVED where alert == GNUTLS_A_PROTOCOL_VERSION:
            kind = .version
        case GNUTLS_E_NO_APPLICATION_PROTOCOL:
            kind = .applicationProtocol
        case GNUTLS_E_FATAL_ALERT_RECEIVED where alert == GNUTLS_A_NO_APPLICATION_PROTOCOL:
            kind = .applicationProtocol
        case GNUTLS_E_FATAL_ALERT_RECEIVED:
            kind = .alert(UInt8(truncatingIfNeeded: alert.rawValue))
        case GNUTLS_E_NO_CERTIFICATE_FOUND:
            kind = .verification(.missing)
        default:
            kind = .protocolError(code)
        }
    }

    private static func kind(systemError: CInt) -> Kind {
        switch systemError {
        case ECONNRESET, EPIPE: .reset
        default: .system(systemError)
        }
    }

    /// The alert the server is owed, if any (RFC 8446 section 6.2).
    ///
    /// None where it has already given up, or where nothing reaches it.
    var owedAlert: gnutls_alert_description_t? {
        switch kind {
        case .verification(let failure): failure.alert
        case .version: GNUTLS_A_PROTOCOL_VERSION
        case .applicationProtocol: GNUTLS_A_NO_APPLICATION_PROTOCOL
        case .alert, .closed, .reset, .system: nil
        case .protocolError(let code): Self.alert(for: code)
        }
    }

    private static func alert(for code: CInt) -> gnutls_alert_description_t? {
        let number = gnutls_error_to_alert(code, nil)
        return number < 0 ? nil : gnutls_alert_description_t(UInt32(number))
    }
}

extension VerificationFailure {
    fileprivate var alert: gnutls_alert_description_t {
        switch self {
        case .expired, .notYetValid: GNUTLS_A_CERTIFICATE_EXPIRED
        case .selfSigned, .unknownIssuer: GNUTLS_A_UNKNOWN_CA
        case .revoked: GNUTLS_A_CERTIFICATE_REVOKED
        case .wrongPurpose, .certificateAuthority, .oldFormat: GNUTLS_A_UNSUPPORTED_CERTIFICATE
        default: GNUTLS_A_BAD_CERTIFICATE
        }
    }
}
