import CGnuTLS
import Glibc
import NetAddress
import Testing

@testable import TLS

@Suite struct TLSFailureTests {
    @Test(
        arguments: [
            (.verification(.expired(since: 1_767_312_000)), "certificate expired on 2026-01-02"),
            (
                .verification(.notYetValid(until: 1_767_312_000)),
                "certificate not valid before 2026-01-02"
            ),
            (.verification(.selfSigned), "certificate is self-signed"),
            (.verification(.wrongPurpose), "certificate is not meant for a TLS server"),
            (.verification(.weakKey), "key or signature too weak"),
            (.verification(.revoked), "certificate is revoked"),
            (.version, "the server offers no version of TLS that is allowed"),
            (.alert(40), "the server refused: no TLS version, cipher or key exchange in common"),
            (.alert(80), "the server refused: Internal error"),
            (.alert(200), "the server refused: alert 200"),
            (.reset, "connection reset by the server"),
            (.system(ETIMEDOUT), "Connection timed out"),
        ] as [(TLSFailure.Kind, String)])
    func words(_ kind: TLSFailure.Kind, _ words: String) {
        #expect(TLSFailure(kind).description == words)
    }

    @Test(
        arguments: [
            (GNUTLS_E_PULL_ERROR, ECONNRESET, .reset),
            (GNUTLS_E_PUSH_ERROR, EPIPE, .reset),
            (GNUTLS_E_PULL_ERROR, ETIMEDOUT, .system(ETIMEDOUT)),
            (GNUTLS_E_PREMATURE_TERMINATION, 0, .closed),
            (GNUTLS_E_UNSUPPORTED_VERSION_PACKET, 0, .version),
            (GNUTLS_E_FATAL_ALERT_RECEIVED, 0, .version),
            (GNUTLS_E_DECRYPTION_FAILED, 0, .protocolError(GNUTLS_E_DECRYPTION_FAILED)),
        ] as [(CInt, CInt, TLSFailure.Kind)])
    func kinds(_ code: CInt, _ systemError: CInt, _ kind: TLSFailure.Kind) {
        let failure = TLSFailure(
            code: code, systemError: systemError, alert: GNUTLS_A_PROTOCOL_VERSION)
        #expect(failure.kind == kind)
    }

    @Test func alertsOnlyWhereTheyAreOwed() {
        #expect(TLSFailure(.reset).owedAlert == nil)
        #expect(TLSFailure(.alert(40)).owedAlert == nil)
        #expect(TLSFailure(.closed).owedAlert == nil)
        #expect(TLSFailure(.applicationProtocol).owedAlert == GNUTLS_A_NO_APPLICATION_PROTOCOL)
        #expect(TLSFailure(.verification(.revoked)).owedAlert == GNUTLS_A_CERTIFICATE_REVOKED)
        let negotiation = TLSFailure(.protocolError(GNUTLS_E_REHANDSHAKE))
        #expect(negotiation.owedAlert == GNUTLS_A_NO_RENEGOTIATION)
    }
}
