/// A domain name as tests write it: labels of any octets.
public struct TestName: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public var labels: [[UInt8]]

    public init(labels: [[UInt8]]) {
        self.labels = labels
    }

    /// Reads `www.example`, with or without a final dot, with `\.` and `\DDD` as in master files.
    ///
    /// Lengths are not checked, so that tests can ask for names that are too long.
    public init(_ text: some StringProtocol) {
        labels = []
        var label: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\") {
                label.append(Self.escape(&rest))
            } else if byte == UInt8(ascii: ".") {
                if !label.isEmpty { labels.append(label) }
                label = []
            } else {
                label.append(byte)
            }
        }
        if !label.isEmpty { labels.append(label) }
    }

    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The name on the wire, without compression.
    public var wire: [UInt8] {
        labels.flatMap { [UInt8(truncatingIfNeeded: $0.count)] + $0 } + [0]
    }

    /// The name with the letters A to Z in lower case.
    public var lowercased: TestName {
        TestName(
            labels: labels.map { label in
                label.map {
                    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0
                }
            })
    }

    /// The name as `init(_:)` reads it, without a final dot except for the root.
    public var description: String {
        guard !labels.isEmpty else { return "." }
        return labels.map { $0.map(Self.text).joined() }.joined(separator: ".")
    }

    private static func text(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "."): "\\."
        case UInt8(ascii: "\\"): "\\\\"
        case 0x21...0x7e: String(UnicodeScalar(byte))
        default: "\\" + String("00\(byte)".suffix(3))
        }
    }

    private static func escape(_ rest: inout ArraySlice<UInt8>) -> UInt8 {
        if rest.count >= 3, let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self)) {
            rest.removeFirst(3)
            return value
        }
        return rest.popFirst() ?? UInt8(ascii: "\\")
    }
}
