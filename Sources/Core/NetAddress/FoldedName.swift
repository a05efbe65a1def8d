/// A domain name as it is compared: in wire format, in lower case, root label included.
public struct FoldedName: Hashable, Sendable {
    /// At least the root label.
    public let octets: [UInt8]

    /// The root.
    public static let root = FoldedName(unchecked: [0])

    private init(unchecked octets: [UInt8]) {
        self.octets = octets
    }

    /// Takes a name with or without a final dot; `nil` for what is none.
    ///
    /// Letters, digits, hyphens and underscores: what is in use, whatever DNS would carry. A
    /// single dot is the root.
    public init?(_ text: some StringProtocol) {
        self.init(utf8: Array(text.utf8)[...])
    }

    /// The same from octets of text.
    public init?(utf8 text: ArraySlice<UInt8>) {
        var octets: [UInt8] = []
        guard Self.append(text, to: &octets) else { return nil }
        octets.append(0)
        self.octets = octets
    }

    /// The name that reverse lookups of `address` ask for (RFC 1035 section 3.5, RFC 3596).
    public init(reverseOf address: IPAddress) {
        var text: [UInt8] = []
        if address.family == .v4 {
            for shift in stride(from: 0, to: 32, by: 8) {
                let digits = Array(String(address.v4Bits >> UInt32(shift) & 255).utf8)
                text += [UInt8(digits.count)] + digits
            }
        } else {
            for half in [address.low, address.high] {
                for shift in stride(from: 0, to: 64, by: 4) {
                    text += [1] + Array(String(half >> UInt64(shift) & 15, radix: 16).utf8)
                }
            }
        }
        let zone: StaticString = address.family == .v4 ? "\u{7}in-addr" : "\u{3}ip6"
        octets = text + Array(zone.description.utf8) + Array("\u{4}arpa".utf8) + [0]
    }

    /// Appends the labels of `text` in wire format and lower case, without the root label.
    ///
    /// False where `text` is no name; some of it may have been appended then.
    public static func append(_ text: ArraySlice<UInt8>, to octets: inout [UInt8]) -> Bool {
        let dot = UInt8(ascii: ".")
        guard let last = text.last else { return false }
        let text = last == dot ? text.dropLast() : text
        if text.isEmpty { return true }
        guard text.count <= 253 else { return false }
        var start = octets.count
        octets.append(0)
        for octet in text {
            if octet == dot {
                guard close(&octets, from: start) else { return false }
                start = octets.count
                octets.append(0)
            } else {
                guard let folded = fold(octet) else { return false }
                octets.append(folded)
            }
        }
        return close(&octets, from: start)
    }

    /// Writes the length of the label whose length octet is at `start`; false if it has none.
    private static func close(_ octets: inout [UInt8], from start: Int) -> Bool {
        let length = octets.count - start - 1
        guard (1...63).contains(length) else { return false }
        octets[start] = UInt8(length)
        return true
    }

    private static func fold(_ octet: UInt8) -> UInt8? {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            octet
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): octet | 0x20
        default: nil
        }
    }
}

extension FoldedName {
    /// Takes all octets at once: one after the other takes ten times as long.
    public func hash(into hasher: inout Hasher) {
        unsafe octets.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }

    /// The labels, leftmost first.
    public var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var offset = 0
        while offset < octets.count, octets[offset] != 0 {
            let end = offset + 1 + Int(octets[offset])
            labels.append(octets[(offset + 1)..<end])
            offset = end
        }
        return labels
    }

    /// Whether it has one label and no more.
    public var isSingleLabel: Bool {
        octets.count > 1 && octets.count == Int(octets[0]) + 2
    }

    /// The name without its leftmost label; `nil` for the root.
    public var parent: FoldedName? {
        guard let length = octets.first, length > 0 else { return nil }
        return FoldedName(unchecked: Array(octets[(1 + Int(length))...]))
    }

    /// Whether this is `ancestor` or a name below it.
    public func isWithin(_ ancestor: FoldedName) -> Bool {
        var offset = 0
        while octets.count - offset > ancestor.octets.count { offset += 1 + Int(octets[offset]) }
        return octets[offset...].elementsEqual(ancestor.octets)
    }
}

extension FoldedName: CustomStringConvertible {
    /// `www.example.com`, and a single dot for the root.
    public var description: String {
        guard octets.count > 1 else { return "." }
        return labels.map { String(decoding: $0, as: UTF8.self) }.joined(separator: ".")
    }
}
