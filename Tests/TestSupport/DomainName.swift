/// Domain names between text and wire format, without the code under test.
public enum DomainName {
    /// `text` in wire format; `\DDD` is the octet of that decimal value and `\x` is x.
    ///
    /// Lengths are not checked, so that wrong names can be made too.
    public static func wire(_ text: some StringProtocol) -> [UInt8] {
        var wire: [UInt8] = []
        var label: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let octet = rest.popFirst() {
            if octet == UInt8(ascii: "\\"), !rest.isEmpty {
                label.append(unescape(&rest))
            } else if octet == UInt8(ascii: ".") {
                append(label, to: &wire)
                label = []
            } else {
                label.append(octet)
            }
        }
        append(label, to: &wire)
        return wire + [0]
    }

    /// The labels in `wire` with dots between them; the root is a single dot.
    public static func text(_ wire: [UInt8]) -> String {
        var text = ""
        var offset = 0
        while offset < wire.count, wire[offset] != 0 {
            let end = min(offset + 1 + Int(wire[offset]), wire.count)
            for octet in wire[(offset + 1)..<end] { text += escape(octet) }
            text += "."
            offset = end
        }
        if text.isEmpty { return "." }
        text.removeLast()
        return text
    }

    private static func append(_ label: [UInt8], to wire: inout [UInt8]) {
        guard !label.isEmpty else { return }
        wire.append(UInt8(truncatingIfNeeded: label.count))
        wire += label
    }

    private static func unescape(_ rest: inout ArraySlice<UInt8>) -> UInt8 {
        let digits = rest.prefix(3)
        if let value = UInt8(String(decoding: digits, as: UTF8.self)), digits.count == 3 {
            rest = rest.dropFirst(3)
            return value
        }
        return rest.removeFirst()
    }

    private static func escape(_ octet: UInt8) -> String {
        if octet == UInt8(ascii: ".") || octet == UInt8(ascii: "\\") {
            return "\\" + String(UnicodeScalar(octet))
        }
        if octet > 32, octet < 127 { return String(UnicodeScalar(octet)) }
        let digits = String(octet)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
