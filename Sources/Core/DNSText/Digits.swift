/// Octets and times as digits.
enum Digits {
    static func hexadecimal(_ octets: [UInt8]) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: octets.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// RFC 4648 section 4.
    static func base64(_ octets: [UInt8]) -> String {
        let digits = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: octets.count, by: 3) {
            let group = octets[start..<min(start + 3, octets.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                let isPadding = place > group.count
                text.append(isPadding ? UInt8(ascii: "=") : digits[bits >> (18 - 6 * place) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `20261120134500`: a date and time without anything in between.
    static func date(seconds: UInt64) -> String {
        let days = Int(seconds / 86_400)
        let rest = Int(seconds % 86_400)
        // Years that begin in March have the day that comes and goes at their end.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let year = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let day = dayOfEra - (365 * year + year / 4 - year / 100)
        let month = (5 * day + 2) / 153
        let isNext = month >= 10
        return "\(era * 400 + year + (isNext ? 1 : 0))"
            + [
                month + (isNext ? -9 : 3), day - (153 * month + 2) / 5 + 1, rest / 3600,
                rest / 60 % 60, rest % 60,
            ].map { ($0 < 10 ? "0" : "") + "\($0)" }.joined()
    }

    static func isAlphanumeric(_ octet: UInt8) -> Bool {
        (0x30...0x39).contains(octet) || (0x61...0x7a).contains(octet | 0x20)
    }
}
