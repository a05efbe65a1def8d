internal import DNSWire

/// Domain names as people write them: labels between dots, with escapes (RFC 1035 section 5.1).
public enum NameText {
    /// The name in wire format, in lower case; `nil` when it is none.
    ///
    /// A name is absolute whether or not it ends in a dot. `\.` and `\DDD` are understood.
    public static func parse(_ text: some StringProtocol) -> [UInt8]? {
        var octets = Array(text.utf8)[...]
        if octets.elementsEqual([dot]) { return [0] }
        var wire: [UInt8] = []
        while !octets.isEmpty {
            guard let label = takeLabel(&octets), !label.isEmpty, label.count < 64 else {
                return nil
            }
            wire.append(UInt8(label.count))
            wire += label
        }
        wire.append(0)
        return wire.count > 1 && wire.count <= Name.maximumByteCount ? wire : nil
    }

    /// Takes the octets up to the next dot, and the dot.
    private static func takeLabel(_ octets: inout ArraySlice<UInt8>) -> [UInt8]? {
        var label: [UInt8] = []
        while let octet = octets.popFirst(), octet != dot {
            guard octet > 0x20, octet != 0x7f else { return nil }
            guard octet == backslash else {
                label.append(lowered(octet))
                continue
            }
            guard let escaped = takeEscaped(&octets) else { return nil }
            label.append(lowered(escaped))
        }
        return label
    }

    /// Takes what stands behind a backslash: three digits or one other octet.
    private static func takeEscaped(_ octets: inout ArraySlice<UInt8>) -> UInt8? {
        guard let first = octets.popFirst() else { return nil }
        guard isDigit(first) else { return first }
        guard let second = octets.popFirst(), let third = octets.popFirst(), isDigit(second),
            isDigit(third)
        else { return nil }
        let value = [first, second, third].reduce(0) { $0 * 10 + Int($1 - zero) }
        return UInt8(exactly: value)
    }

    /// The checked name at `offset` with all its dots, `.` for the root.
    public static func text(of message: RawSpan, at offset: Int) -> String {
        var cursor = LabelCursor(at: offset)
        var text = ""
        // A checked name has at most 127 labels.
        for _ in 0..<128 {
            guard let label = cursor.next(in: message) else { break }
            for place in label { append(message.octet(at: place), to: &text) }
            text += "."
        }
        return text.isEmpty ? "." : text
    }

    /// Adds an octet of a label, escaped where it would mean something else.
    private static func append(_ octet: UInt8, to text: inout String) {
        switch octet {
        case dot, backslash, UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "@"),
            UInt8(ascii: "$"), UInt8(ascii: "("), UInt8(ascii: ")"):
            text.unicodeScalars.append("\\")
            text.unicodeScalars.append(Unicode.Scalar(octet))
        case 0x21...0x7e: text.unicodeScalars.append(Unicode.Scalar(octet))
        default: text += escaped(octet)
        }
    }

    /// `\DDD`.
    static func escaped(_ octet: UInt8) -> String {
        let digits = String(octet)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static var dot: UInt8 { UInt8(ascii: ".") }
    private static var backslash: UInt8 { UInt8(ascii: "\\") }
    private static var zero: UInt8 { UInt8(ascii: "0") }

    private static func isDigit(_ octet: UInt8) -> Bool { (zero...(zero + 9)).contains(octet) }

    private static func lowered(_ octet: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet) ? octet | 0x20 : octet
    }
}
