import CGnuTLS
import NetAddress

/// One X.509 certificate, read for what GnuTLS's own verification does not tell or ask.
@safe
struct Certificate: ~Copyable {
    /// One subject alternative name, as the octets of the certificate.
    ///
    /// Octets and not text: a name with a NUL in it must not be taken for its first half.
    enum AlternativeName: Equatable {
        case dns([UInt8])
        case address([UInt8])
    }

    private let handle: OpaquePointer

    /// Reads a certificate in DER, as it came in a handshake.
    init?(der: gnutls_datum_t) {
        var created: OpaquePointer?
        guard unsafe gnutls_x509_crt_init(&created) == GNUTLS_E_SUCCESS,
            let created = unsafe created
        else { return nil }
        var encoded = unsafe der
        guard unsafe gnutls_x509_crt_import(created, &encoded, GNUTLS_X509_FMT_DER) >= 0 else {
            unsafe gnutls_x509_crt_deinit(created)
            return nil
        }
        unsafe handle = created
    }

    deinit {
        unsafe gnutls_x509_crt_deinit(handle)
    }

    /// Seconds since 1970.
    var notBefore: Int64 { Int64(unsafe gnutls_x509_crt_get_activation_time(handle)) }
    var notAfter: Int64 { Int64(unsafe gnutls_x509_crt_get_expiration_time(handle)) }

    /// 3 in every certificate that can say what it is for.
    var version: CInt { unsafe gnutls_x509_crt_get_version(handle) }

    /// Whether its key may sign other certificates.
    var isAuthority: Bool {
        var authority: UInt32 = 0
        let code = unsafe gnutls_x509_crt_get_basic_constraints(handle, nil, &authority, nil)
        return code >= 0 && authority != 0
    }

    /// Whether it names itself as its issuer.
    var isSelfIssued: Bool { unsafe gnutls_x509_crt_check_issuer(handle, handle) != 0 }

    /// Whether its key has at least 112 bits of security, what the medium profile asks of chains.
    var hasStrongKey: Bool {
        var bits: UInt32 = 0
        let algorithm = unsafe gnutls_x509_crt_get_pk_algorithm(handle, &bits)
        guard algorithm >= 0 else { return false }
        let strength = gnutls_pk_bits_to_sec_param(
            gnutls_pk_algorithm_t(UInt32(algorithm)), bits)
        return strength.rawValue >= GNUTLS_SEC_PARAM_MEDIUM.rawValue
    }

    /// The digest of its SubjectPublicKeyInfo.
    var pin: PublicKeyPin? {
        var digest = [UInt8](repeating: 0, count: 32)
        var size = digest.count
        let code = unsafe gnutls_x509_crt_get_key_id(
            handle, GNUTLS_KEYID_USE_SHA256.rawValue, &digest, &size)
        guard code >= 0, size == digest.count else { return nil }
        return PublicKeyPin(digest: digest)
    }

    /// Its names in DER, its own and its issuer's; empty when they cannot be read.
    var rawNames: [[UInt8]] {
        var subject = unsafe gnutls_datum_t()
        guard unsafe gnutls_x509_crt_get_raw_dn(handle, &subject) >= 0 else { return [] }
        defer { unsafe cgnutls_free(subject.data) }
        var issuer = unsafe gnutls_datum_t()
        guard unsafe gnutls_x509_crt_get_raw_issuer_dn(handle, &issuer) >= 0 else { return [] }
        defer { unsafe cgnutls_free(issuer.data) }
        return unsafe [octets(of: subject), octets(of: issuer)]
    }

    /// Its own name, for words.
    var subject: String {
        var name = unsafe gnutls_datum_t()
        guard unsafe gnutls_x509_crt_get_dn3(handle, &name, 0) >= 0 else { return "?" }
        defer { unsafe cgnutls_free(name.data) }
        return unsafe printable(octets(of: name))
    }

    /// The issuer's name, for words.
    var issuer: String {
        var name = unsafe gnutls_datum_t()
        guard unsafe gnutls_x509_crt_get_issuer_dn3(handle, &name, 0) >= 0 else { return "?" }
        defer { unsafe cgnutls_free(name.data) }
        return unsafe printable(octets(of: name))
    }

    /// The host names and addresses it is for; empty when it has none or they cannot be read.
    ///
    /// One pass over the extension, so the time does not grow with the square of their number.
    var alternativeNames: [AlternativeName] {
        var encoded = unsafe gnutls_datum_t()
        let found = unsafe gnutls_x509_crt_get_extension_by_oid2(
            handle, "2.5.29.17", 0, &encoded, nil)
        guard found >= 0 else { return [] }
        defer { unsafe cgnutls_free(encoded.data) }
        var created: OpaquePointer?
        guard unsafe gnutls_subject_alt_names_init(&created) >= 0, let list = unsafe created else {
            return []
        }
        defer { unsafe gnutls_subject_alt_names_deinit(list) }
        guard unsafe gnutls_x509_ext_import_subject_alt_names(&encoded, list, 0) >= 0 else {
            return []
        }
        return unsafe Self.names(in: list)
    }

    private static func names(in list: OpaquePointer) -> [AlternativeName] {
        var names: [AlternativeName] = []
        var kind: UInt32 = 0
        var value = unsafe gnutls_datum_t()
        var index: UInt32 = 0
        // The list owns the values; each is copied before the next call.
        while unsafe gnutls_subject_alt_names_get(list, index, &kind, &value, nil) >= 0 {
            switch kind {
            case GNUTLS_SAN_DNSNAME.rawValue: unsafe names.append(.dns(octets(of: value)))
            case GNUTLS_SAN_IPADDRESS.rawValue: unsafe names.append(.address(octets(of: value)))
            default: break
            }
            index += 1
        }
        return names
    }
}

/// Octets as GnuTLS takes them, for calls that only read.
func datum(borrowing octets: UnsafeBufferPointer<UInt8>) -> gnutls_datum_t {
    unsafe gnutls_datum_t(
        data: UnsafeMutablePointer(mutating: octets.baseAddress), size: UInt32(octets.count))
}

/// The octets of a datum, which keeps owning its memory.
func octets(of datum: gnutls_datum_t) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: datum.data, count: Int(datum.size)))
}

/// Foreign octets as a bounded line of printable ASCII, so that no log line can be forged.
func printable(_ octets: [UInt8]) -> String {
    var text = ""
    for octet in octets.prefix(Limits.charactersInWords) {
        text.unicodeScalars.append((0x20..<0x7f).contains(octet) ? UnicodeScalar(octet) : "?")
    }
    return octets.count > Limits.charactersInWords ? text + "..." : text
}
