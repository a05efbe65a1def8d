public import DNSWire

extension RecordType {
    /// The types that have a name here, by the IANA registry "Resource Record (RR) TYPEs".
    private static let names: [(UInt16, String)] = [
        (1, "A"), (2, "NS"), (5, "CNAME"), (6, "SOA"), (12, "PTR"), (13, "HINFO"), (15, "MX"),
        (16, "TXT"), (17, "RP"), (18, "AFSDB"), (24, "SIG"), (25, "KEY"), (28, "AAAA"),
        (29, "LOC"), (33, "SRV"), (35, "NAPTR"), (37, "CERT"), (39, "DNAME"), (43, "DS"),
        (44, "SSHFP"), (46, "RRSIG"), (47, "NSEC"), (48, "DNSKEY"), (50, "NSEC3"),
        (51, "NSEC3PARAM"), (52, "TLSA"), (53, "SMIMEA"), (59, "CDS"), (60, "CDNSKEY"),
        (61, "OPENPGPKEY"), (62, "CSYNC"), (64, "SVCB"), (65, "HTTPS"), (99, "SPF"),
        (255, "ANY"), (256, "URI"), (257, "CAA"),
    ]

    /// `A`, or `TYPE65280` for a type without a name (RFC 3597 section 5).
    public var text: String {
        Self.names.first { $0.0 == rawValue }?.1 ?? "TYPE\(rawValue)"
    }

    /// Reads `A`, `aaaa` or `TYPE65280`.
    public init?(text: some StringProtocol) {
        let upper = text.uppercased()
        if let known = Self.names.first(where: { $0.1 == upper }) {
            self.init(rawValue: known.0)
        } else {
            let digits = upper.dropFirst(4)
            // The initializer of an integer takes a sign as well.
            guard upper.hasPrefix("TYPE"), digits.first?.isNumber == true,
                let number = UInt16(digits)
            else { return nil }
            self.init(rawValue: number)
        }
    }
}

extension RecordClass {
    /// `IN`, or `CLASS32` for a class without a name (RFC 3597 section 5).
    public var text: String {
        switch rawValue {
        case 1: "IN"
        case 3: "CH"
        case 4: "HS"
        default: "CLASS\(rawValue)"
        }
    }
}

extension ResponseCode {
    /// `NOERROR`, or `RCODE12` for a code without a name (RFC 6895 section 2.3).
    public var text: String {
        switch rawValue {
        case 0: "NOERROR"
        case 1: "FORMERR"
        case 2: "SERVFAIL"
        case 3: "NXDOMAIN"
        case 4: "NOTIMP"
        case 5: "REFUSED"
        case 6: "YXDOMAIN"
        case 7: "YXRRSET"
        case 8: "NXRRSET"
        case 9: "NOTAUTH"
        case 10: "NOTZONE"
        case 16: "BADVERS"
        default: "RCODE\(rawValue)"
        }
    }
}
