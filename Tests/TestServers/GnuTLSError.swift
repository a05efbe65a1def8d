import CGnuTLS

/// A GnuTLS call that failed where the test setup needs it to work.
public struct GnuTLSError: Error, CustomStringConvertible {
    public let call: String
    public let code: CInt

    public var description: String { "\(call): \(String(cString: gnutls_strerror(code)))" }

    /// Throws when `code` is one of GnuTLS's errors, which are negative.
    static func check(_ code: CInt, _ call: String) throws(GnuTLSError) {
        guard code < 0 else { return }
        throw GnuTLSError(call: call, code: code)
    }
}
