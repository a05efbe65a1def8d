/// A host name that a certificate can be checked against (RFC 9525, DNS-ID).
///
/// Lower case, letters, digits and hyphens in labels of 1 to 63 octets, 253 in all, no final dot.
public struct ServerName: Hashable, Sendable, CustomStringConvertible {
    public let description: String

    /// Takes a host name with or without a final dot; `nil` for anything else, IP addresses too.
    public init?(_ text: some StringProtocol) {
        // Beyond ASCII some characters have a letter from a to z as their lower case.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        var name = text.lowercased()
        if name.utf8.last == UInt8(ascii: ".") { name.removeLast() }
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard !name.isEmpty, name.utf8.count <= 253, labels.allSatisfy(Self.isHostLabel),
            // An all-numeric last label would make it an IPv4 address (RFC 3696 section 2).
            let last = labels.last, !last.allSatisfy(Self.isDigit)
        else { return nil }
        description = name
    }

    private static func isHostLabel(_ label: Substring.UTF8View) -> Bool {
        let hyphen = UInt8(ascii: "-")
        return (1...63).contains(label.count) && label.first != hyphen && label.last != hyphen
            && label.allSatisfy { isDigit($0) || isLetter($0) || $0 == hyphen }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}
