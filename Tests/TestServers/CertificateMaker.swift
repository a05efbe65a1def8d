import CGnuTLS
import Glibc
import NetAddress

/// Turns a request into a signed certificate.
enum CertificateMaker {
    /// Makes the certificate for `key`, signed by `issuer` or, without one, by `key` itself.
    static func make(
        _ request: CertificateRequest, key: PrivateKey, issuer: (Certificate, PrivateKey)?
    ) throws(GnuTLSError) -> Certificate {
        let certificate = try Certificate()
        try setBasics(request, of: certificate, key: key)
        if !request.isVersion1 {
            try setSubjectNames(request, of: certificate)
            try setConstraints(request, of: certificate)
            try setKeyIdentifiers(of: certificate, issuer: issuer?.0 ?? certificate)
        }
        try GnuTLSError.check(
            gnutls_x509_crt_sign2(
                certificate.handle, issuer?.0.handle ?? certificate.handle,
                issuer?.1.handle ?? key.handle,
                request.digest == .sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256, 0),
            "gnutls_x509_crt_sign2")
        return certificate
    }

    private static func setBasics(
        _ request: CertificateRequest, of certificate: Certificate, key: PrivateKey
    ) throws(GnuTLSError) {
        let handle = certificate.handle
        try GnuTLSError.check(
            gnutls_x509_crt_set_version(handle, request.isVersion1 ? 1 : 3), "set_version")
        var serial = [UInt8](repeating: 0, count: 16)
        try GnuTLSError.check(gnutls_rnd(GNUTLS_RND_NONCE, &serial, serial.count), "gnutls_rnd")
        // A serial number is positive and has no leading zero octet (RFC 5280 section 4.1.2.2).
        serial[0] = serial[0] & 0x7f | 1
        try GnuTLSError.check(
            gnutls_x509_crt_set_serial(handle, &serial, serial.count), "set_serial")
        let now = time(nil)
        try GnuTLSError.check(
            gnutls_x509_crt_set_activation_time(handle, now + request.validFromSeconds),
            "set_activation_time")
        try GnuTLSError.check(
            gnutls_x509_crt_set_expiration_time(handle, now + request.validUntilSeconds),
            "set_expiration_time")
        // A subject may not be empty unless the alternative names are critical.
        let subject = request.commonName ?? "dotproxy test"
        let identifier = request.commonName == nil ? "2.5.4.10" : "2.5.4.3"
        try GnuTLSError.check(
            gnutls_x509_crt_set_dn_by_oid(
                handle, identifier, 0, subject, CUnsignedInt(subject.utf8.count)),
            "set_dn_by_oid")
        try GnuTLSError.check(gnutls_x509_crt_set_key(handle, key.handle), "set_key")
    }

    private static func setSubjectNames(
        _ request: CertificateRequest, of certificate: Certificate
    ) throws(GnuTLSError) {
        let names = request.names.map { (GNUTLS_SAN_DNSNAME, Array($0.utf8)) }
        let addresses = request.addresses.map { (GNUTLS_SAN_IPADDRESS, $0.octets) }
        for (kind, bytes) in names + addresses {
            try GnuTLSError.check(
                gnutls_x509_crt_set_subject_alt_name(
                    certificate.handle, kind, bytes, CUnsignedInt(bytes.count),
                    CUnsignedInt(GNUTLS_FSAN_APPEND)),
                "set_subject_alt_name")
        }
    }

    private static func setConstraints(
        _ request: CertificateRequest, of certificate: Certificate
    ) throws(GnuTLSError) {
        let handle = certificate.handle
        try GnuTLSError.check(
            gnutls_x509_crt_set_basic_constraints(handle, request.isAuthority ? 1 : 0, -1),
            "set_basic_constraints")
        var usage = GNUTLS_KEY_DIGITAL_SIGNATURE
        if request.isAuthority { usage |= GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN }
        if request.key == .rsa1024 || request.key == .rsa2048 {
            usage |= GNUTLS_KEY_KEY_ENCIPHERMENT
        }
        try GnuTLSError.check(
            gnutls_x509_crt_set_key_usage(handle, CUnsignedInt(usage)), "set_key_usage")
        let purpose: String? =
            switch request.purpose {
            case .server: "1.3.6.1.5.5.7.3.1"
            case .client: "1.3.6.1.5.5.7.3.2"
            case .unstated: nil
            }
        if let purpose {
            try GnuTLSError.check(
                gnutls_x509_crt_set_key_purpose_oid(handle, purpose, 0), "set_key_purpose_oid")
        }
        try setNameConstraints(request, of: handle)
        if request.mustStaple {
            // The TLS feature extension: a sequence of the one integer 5, status_request.
            let features: [UInt8] = [0x30, 0x03, 0x02, 0x01, 0x05]
            try GnuTLSError.check(
                gnutls_x509_crt_set_extension_by_oid(
                    handle, "1.3.6.1.5.5.7.1.24", features, features.count, 0),
                "set_extension_by_oid")
        }
    }

    private static func setNameConstraints(
        _ request: CertificateRequest, of handle: gnutls_x509_crt_t
    ) throws(GnuTLSError) {
        guard !request.constraints.isEmpty else { return }
        var list: gnutls_x509_name_constraints_t?
        try GnuTLSError.check(gnutls_x509_name_constraints_init(&list), "name_constraints_init")
        defer { gnutls_x509_name_constraints_deinit(list) }
        for name in request.constraints {
            let code = gnutls_datum_t.with(Array(name.utf8)) {
                request.excludesConstraints
                    ? gnutls_x509_name_constraints_add_excluded(list, GNUTLS_SAN_DNSNAME, &$0)
                    : gnutls_x509_name_constraints_add_permitted(list, GNUTLS_SAN_DNSNAME, &$0)
            }
            try GnuTLSError.check(code, "name_constraints_add")
        }
        try GnuTLSError.check(
            gnutls_x509_crt_set_name_constraints(handle, list, 1), "set_name_constraints")
    }

    private static func setKeyIdentifiers(
        of certificate: Certificate, issuer: Certificate
    ) throws(GnuTLSError) {
        let own = try certificate.keyDigest(GNUTLS_KEYID_USE_SHA1)
        let signing = try issuer.keyDigest(GNUTLS_KEYID_USE_SHA1)
        try GnuTLSError.check(
            gnutls_x509_crt_set_subject_key_id(certificate.handle, own, own.count),
            "set_subject_key_id")
        try GnuTLSError.check(
            gnutls_x509_crt_set_authority_key_id(certificate.handle, signing, signing.count),
            "set_authority_key_id")
    }
}

extension IPAddress {
    /// The address in network order, 4 or 16 octets.
    var octets: [UInt8] {
        let all = [high, low].flatMap { half in
            (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
        }
        return family == .v4 ? Array(all[12...]) : all
    }
}
