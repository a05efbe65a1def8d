internal import DNSWire
internal import NetAddress

/// Takes RDATA apart, field by field; nothing is taken beyond its end.
struct RecordDataReader: ~Escapable {
    private let message: RawSpan
    private let end: Int
    private var offset: Int

    /// Reads `range`, which is within the message; names may point back before it.
    @_lifetime(copy message)
    init(_ message: RawSpan, _ range: Range<Int>) {
        self.message = message
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset == end }

    /// The next field as text; `nil` when it is not there or makes no sense.
    mutating func take(_ field: RecordText.Field) -> String? {
        switch field {
        case .octet: takeNumber(1).map { "\($0)" }
        case .number16: takeNumber(2).map { "\($0)" }
        case .number32: takeNumber(4).map { "\($0)" }
        case .name: takeName()
        case .address4: takeNumber(4).map { "\(IPAddress(v4: UInt32($0)))" }
        case .address6: takeAddress6()
        case .string: takeString()
        case .strings: takeStrings()
        case .word: takeWord()
        case .text: quoted(takeRest())
        case .hexadecimal: Digits.hexadecimal(takeRest().map { message.octet(at: $0) })
        case .base64: Digits.base64(takeRest().map { message.octet(at: $0) })
        case .type: takeNumber(2).map { RecordType(rawValue: UInt16($0)).text }
        case .time: takeNumber(4).map { Digits.date(seconds: $0) }
        case .types: takeTypes()
        case .parameters: takeParameters()
        }
    }

    mutating func takeNumber(_ size: Int) -> UInt64? {
        guard end - offset >= size else { return nil }
        var number: UInt64 = 0
        for place in offset..<(offset + size) {
            number = number << 8 | UInt64(message.octet(at: place))
        }
        offset += size
        return number
    }

    private mutating func takeName() -> String? {
        let visible = message.extracting(0..<end)
        guard let next = try? Name.end(in: visible, from: offset) else { return nil }
        defer { offset = next }
        return NameText.text(of: visible, at: offset)
    }

    private mutating func takeAddress6() -> String? {
        guard let high = takeNumber(8), let low = takeNumber(8) else { return nil }
        return "\(IPAddress(v6High: high, low: low))"
    }

    /// The places of a string with its length in front.
    mutating func takeCounted(_ size: Int) -> Range<Int>? {
        guard let length = takeNumber(size), end - offset >= Int(length) else { return nil }
        defer { offset += Int(length) }
        return offset..<(offset + Int(length))
    }

    private mutating func takeString() -> String? { takeCounted(1).map { quoted($0) } }

    private mutating func takeStrings() -> String? {
        var strings: [String] = []
        while !isAtEnd {
            guard let string = takeString() else { return nil }
            strings.append(string)
        }
        return strings.isEmpty ? nil : strings.joined(separator: " ")
    }

    private mutating func takeWord() -> String? {
        guard let range = takeCounted(1), !range.isEmpty else { return nil }
        let octets = range.map { message.octet(at: $0) }
        guard octets.allSatisfy(Digits.isAlphanumeric) else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    private mutating func takeRest() -> Range<Int> {
        defer { offset = end }
        return offset..<end
    }

    /// Octets in quotes, escaped where they would mean something else.
    func quoted(_ range: Range<Int>) -> String {
        var text = "\""
        for place in range {
            let octet = message.octet(at: place)
            switch octet {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                text += "\\"
                text.unicodeScalars.append(Unicode.Scalar(octet))
            case 0x20...0x7e: text.unicodeScalars.append(Unicode.Scalar(octet))
            default: text += NameText.escaped(octet)
            }
        }
        return text + "\""
    }

    private mutating func takeTypes() -> String? {
        var types: [String] = []
        while !isAtEnd {
            guard let window = takeNumber(1), let bits = takeCounted(1), bits.count <= 32 else {
                return nil
            }
            for place in bits {
                for bit in 0..<8 where message.octet(at: place) & (0x80 >> UInt8(bit)) != 0 {
                    let number = Int(window) * 256 + (place - bits.lowerBound) * 8 + bit
                    types.append(RecordType(rawValue: UInt16(number)).text)
                }
            }
        }
        return types.joined(separator: " ")
    }

    private mutating func takeParameters() -> String? {
        var parameters: [String] = []
        while !isAtEnd {
            guard let key = takeNumber(2), let value = takeCounted(2) else { return nil }
            guard let text = ServiceParameter.text(UInt16(key), message, value) else { return nil }
            parameters.append(text)
        }
        return parameters.joined(separator: " ")
    }
}
