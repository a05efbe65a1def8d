internal import Collections
internal import DNSWire

/// A name of a message as a table wants it: in one piece and in lower case.
struct PlainName: BitwiseCopyable {
    private var octets = InlineArray<256, UInt8>(repeating: 0)
    private var count = 0

    /// Copies the checked name at `offset`.
    init(_ message: RawSpan, at offset: Int) {
        var cursor = LabelCursor(at: offset)
        while let label = cursor.next(in: message), count &+ label.count &+ 2 <= octets.count {
            append(UInt8(truncatingIfNeeded: label.count))
            for place in label { append(Self.lowered(message.octet(at: place))) }
        }
        append(0)
    }

    private mutating func append(_ octet: UInt8) {
        octets[count] = octet
        count &+= 1
    }

    private static func lowered(_ octet: UInt8) -> UInt8 {
        (0x41...0x5a).contains(octet) ? octet | 0x20 : octet
    }

    func withOctets<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(octets.span.octets.extracting(0..<count))
    }
}
