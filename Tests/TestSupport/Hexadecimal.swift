/// The octets that `text` spells in hexadecimal, blanks aside; `nil` when it spells none.
public func octets(hexadecimal text: some StringProtocol) -> [UInt8]? {
    var digits: [UInt8] = []
    for character in text where !character.isWhitespace {
        guard let digit = character.hexDigitValue else { return nil }
        digits.append(UInt8(digit))
    }
    guard digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// `octets` in hexadecimal, two digits each.
public func hexadecimal(_ octets: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef")
    var text = ""
    for octet in octets {
        text.append(digits[Int(octet >> 4)])
        text.append(digits[Int(octet & 15)])
    }
    return text
}
