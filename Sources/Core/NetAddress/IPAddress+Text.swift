extension IPAddress: CustomStringConvertible {
    /// Reads dotted decimal (four parts, no leading zeros) or RFC 4291 section 2.2 text.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        if bytes.contains(UInt8(ascii: ":")) {
            guard let (high, low) = Self.parseV6(bytes[...]) else { return nil }
            self.init(v6High: high, low: low)
        } else {
            guard let bits = Self.parseV4(bytes[...]) else { return nil }
            self.init(v4: bits)
        }
    }

    /// Dotted decimal, or the canonical text of RFC 5952.
    public var description: String {
        family == .v4 ? Self.textV4(v4Bits) : textV6
    }

    private static func parseV4(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        var bits: UInt32 = 0
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard (1...3).contains(part.count), part.count == 1 || part.first != UInt8(ascii: "0"),
                let value = decimal(part), value <= 255
            else { return nil }
            bits = bits << 8 | value
        }
        return bits
    }

    private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value * 10 + UInt32(digit - UInt8(ascii: "0"))
        }
        return value
    }

    private static func parseV6(_ bytes: ArraySlice<UInt8>) -> (high: UInt64, low: UInt64)? {
        let colon = UInt8(ascii: ":")
        guard bytes.count <= 45, bytes.count >= 2,
            bytes.first != colon || bytes.dropFirst().first == colon,
            bytes.last != colon || bytes.dropLast().last == colon
        else { return nil }
        var groups = bytes.split(separator: colon, omittingEmptySubsequences: false)
        // A leading or trailing "::" leaves two empty parts there; keep one of them.
        if groups.count >= 3, groups[0].isEmpty, groups[1].isEmpty { groups.removeFirst() }
        if groups.count >= 2, groups[groups.count - 1].isEmpty, groups[groups.count - 2].isEmpty {
            groups.removeLast()
        }
        let gaps = groups.count { $0.isEmpty }
        guard gaps <= 1 else { return nil }
        var head: [UInt16] = []
        var tail: [UInt16] = []
        var afterGap = false
        for (position, group) in groups.enumerated() {
            if group.isEmpty {
                afterGap = true
            } else if let words = parseGroup(group, isLast: position == groups.count - 1) {
                if afterGap { tail += words } else { head += words }
            } else {
                return nil
            }
        }
        return assemble(head: head, tail: tail, hasGap: gaps == 1)
    }

    private static func parseGroup(_ group: ArraySlice<UInt8>, isLast: Bool) -> [UInt16]? {
        if isLast, group.contains(UInt8(ascii: ".")) {
            guard let bits = parseV4(group) else { return nil }
            return [UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits)]
        }
        guard group.count <= 4 else { return nil }
        var value: UInt16 = 0
        for digit in group {
            guard let nibble = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt16(nibble)
        }
        return [value]
    }

    private static func assemble(
        head: [UInt16], tail: [UInt16], hasGap: Bool
    ) -> (high: UInt64, low: UInt64)? {
        let missing = 8 - head.count - tail.count
        guard hasGap ? missing >= 1 : missing == 0 else { return nil }
        let words = head + Array(repeating: 0, count: missing) + tail
        let high = words[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        let low = words[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
        return (high, low)
    }

    private static func textV4(_ bits: UInt32) -> String {
        "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
    }

    private var textV6: String {
        if high == 0, low >> 32 == 0xffff { return "::ffff:" + Self.textV4(v4Bits) }
        let words = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - 16 * UInt64(index % 4)))
        }
        let gap = Self.longestZeroRun(words)
        guard gap.count >= 2 else { return Self.hexadecimal(words[...]) }
        return Self.hexadecimal(words[..<gap.lowerBound]) + "::"
            + Self.hexadecimal(words[gap.upperBound...])
    }

    private static func hexadecimal(_ words: ArraySlice<UInt16>) -> String {
        words.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The first of the longest runs of zero words (RFC 5952 section 4.2).
    private static func longestZeroRun(_ words: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for index in words.indices {
            if words[index] != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<(index + 1) }
        }
        return longest
    }
}
