/// The first line of an HTTP request (RFC 9112 section 3); what else it says makes no difference.
enum HTTPRequest: Equatable {
    /// The longest request read, headers included.
    static let limit = 8192

    /// The end has not come yet.
    case incomplete
    case get(path: String)
    case head(path: String)
    case otherMethod
    case malformed

    /// Reads what has come so far.
    init(_ octets: [UInt8]) {
        guard let end = Self.endOfHeaders(octets) else {
            self = octets.count >= Self.limit ? .malformed : .incomplete
            return
        }
        let line = octets[..<end].prefix { $0 != UInt8(ascii: "\n") }
        let text = String(
            decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0",
            parts[1].hasPrefix("/"), text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) })
        else {
            self = .malformed
            return
        }
        let path = String(parts[1].prefix { $0 != "?" })
        switch parts[0] {
        case "GET": self = .get(path: path)
        case "HEAD": self = .head(path: path)
        default:
            self = parts[0].allSatisfy(\.isLetter) && !parts[0].isEmpty ? .otherMethod : .malformed
        }
    }

    /// Where the empty line after the headers begins.
    private static func endOfHeaders(_ octets: [UInt8]) -> Int? {
        var lineLength = 0
        for (place, octet) in octets.enumerated() {
            if octet == UInt8(ascii: "\n") {
                if lineLength == 0, place > 0 { return place }
                lineLength = 0
            } else if octet != UInt8(ascii: "\r") {
                lineLength += 1
            }
        }
        return nil
    }
}
