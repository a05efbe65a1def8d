import CGnuTLS
import TestServers

@testable import TLS

/// Certificates between PEM and DER, by GnuTLS.
enum PEM {
    static func decode(_ pem: [UInt8]) throws -> [UInt8] {
        try convert(pem) { gnutls_pem_base64_decode2(nil, &$0, &$1) }
    }

    static func encode(_ der: [UInt8]) throws -> [UInt8] {
        try convert(der) { gnutls_pem_base64_encode2("CERTIFICATE", &$0, &$1) }
    }

    static func contents(of path: String) throws -> [UInt8] {
        var text = gnutls_datum_t()
        let code = gnutls_load_file(path, &text)
        guard code >= 0 else { throw PeerError(code: code) }
        defer { cgnutls_free(text.data) }
        return octets(of: text)
    }

    private static func convert(
        _ input: [UInt8], _ body: (inout gnutls_datum_t, inout gnutls_datum_t) -> CInt
    ) throws -> [UInt8] {
        try input.withUnsafeBufferPointer { input in
            var given = datum(borrowing: input)
            var made = gnutls_datum_t()
            let code = body(&given, &made)
            guard code >= 0 else { throw PeerError(code: code) }
            defer { cgnutls_free(made.data) }
            return octets(of: made)
        }
    }
}
