/// Finds what is needed of a certificate in DER without reading the rest (RFC 5280 section 4.1).
enum CertificateOutline {
    private static let sequence: UInt8 = 0x30
    private static let integer: UInt8 = 0x02
    /// The version, which a certificate of version 1 leaves out.
    private static let version: UInt8 = 0xa0

    /// Where the subject is, its tag and length included, in the certificate that is all of
    /// `range`.
    static func subject(in octets: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        guard let certificate = element(sequence, in: octets, range),
            certificate.upperBound == range.upperBound,
            let body = element(sequence, in: octets, certificate)
        else { return nil }
        var rest = body
        if let found = element(version, in: octets, rest) {
            rest = found.upperBound..<rest.upperBound
        }
        // Serial number, algorithm, issuer, validity.
        for tag in [integer, sequence, sequence, sequence] {
            guard let passed = element(tag, in: octets, rest) else { return nil }
            rest = passed.upperBound..<rest.upperBound
        }
        guard let subject = element(sequence, in: octets, rest) else { return nil }
        return rest.lowerBound..<subject.upperBound
    }

    /// The contents of the element at the start of `range`, if it has this tag and ends in there.
    private static func element(
        _ tag: UInt8, in octets: [UInt8], _ range: Range<Int>
    ) -> Range<Int>? {
        guard range.count >= 2, octets[range.lowerBound] == tag else { return nil }
        var start = range.lowerBound + 2
        var length = Int(octets[range.lowerBound + 1])
        if length >= 0x80 {
            // Longer than four octets, or of unknown length, which DER does not have.
            let size = length & 0x7f
            guard (1...4).contains(size), range.upperBound - start >= size else { return nil }
            length = octets[start..<start + size].reduce(0) { $0 << 8 | Int($1) }
            start += size
        }
        guard length <= range.upperBound - start else { return nil }
        return start..<start + length
    }
}
