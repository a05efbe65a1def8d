/// The SHA-256 digest of a certificate's SubjectPublicKeyInfo (RFC 7858 section 4.2).
public struct PublicKeyPin: Hashable, Sendable, CustomStringConvertible {
    /// The digest, 32 octets.
    public let digest: [UInt8]

    /// Takes a digest of 32 octets.
    public init?(digest: [UInt8]) {
        guard digest.count == 32 else { return nil }
        self.digest = digest
    }

    /// Reads the 44 characters of base64 (RFC 4648 section 4) that RFC 7469 tools print.
    public init?(_ text: some StringProtocol) {
        guard let bytes = Self.decodeBase64(Array(text.utf8)) else { return nil }
        self.init(digest: bytes)
    }

    /// The digest in base64, as it is written in the configuration.
    public var description: String {
        var text = ""
        for start in stride(from: 0, to: digest.count, by: 3) {
            let group = digest[start..<min(start + 3, digest.count)]
            let octets = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let bits = octets << (8 * UInt32(3 - group.count))
            for index in 0..<4 {
                let sextet = Int(bits >> (18 - 6 * UInt32(index)) & 63)
                text.unicodeScalars.append(
                    index <= group.count ? UnicodeScalar(Self.alphabet[sextet]) : "=")
            }
        }
        return text
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    private static func decodeBase64(_ text: [UInt8]) -> [UInt8]? {
        guard text.count == 44, text[43] == UInt8(ascii: "=") else { return nil }
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text[..<43] {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        // The last sextet carries two bits beyond the 32 octets; anything else is another digest.
        return bits & 3 == 0 ? bytes : nil
    }
}
