import NetAddress
import TestServers

/// A message of dnstap, taken apart by the numbers that dnstap.proto has for its fields.
///
/// `dnstap-read` of BIND does not show all of them: it calls TLS "UDP", and leaves out when the query
/// of an answer from a server was sent.
struct DnstapMessage {
    enum Kind: UInt64 {
        case clientQuery = 5
        case clientResponse = 6
        case forwarderQuery = 7
        case forwarderResponse = 8
    }

    enum Carrier: UInt64 {
        case udp = 1
        case tcp = 2
        case dot = 3
    }

    let kind: Kind?
    let carrier: Carrier?
    let asking: Endpoint?
    let asked: Endpoint?
    /// Nanoseconds since 1970.
    let queryTime: UInt64?
    let responseTime: UInt64?
    let query: TestMessage?
    let response: TestMessage?

    /// The DNS message, whichever it is.
    var message: TestMessage? { query ?? response }

    init?(_ frame: [UInt8]) {
        guard let octets = Fields(frame)?.octets[14], let fields = Fields(octets) else {
            return nil
        }
        kind = fields.numbers[1].flatMap(Kind.init)
        carrier = fields.numbers[3].flatMap(Carrier.init)
        asking = fields.endpoint(4, 6)
        asked = fields.endpoint(5, 7)
        queryTime = fields.time(8, 9)
        responseTime = fields.time(12, 13)
        query = fields.octets[10].flatMap { TestMessage($0) }
        response = fields.octets[14].flatMap { TestMessage($0) }
    }
}

/// The fields of a message of protocol buffers, by their numbers.
private struct Fields {
    var numbers: [Int: UInt64] = [:]
    var octets: [Int: [UInt8]] = [:]

    init?(_ message: [UInt8]) {
        var rest = message[...]
        while !rest.isEmpty {
            guard let tag = Self.number(&rest) else { return nil }
            switch tag & 7 {
            case 0: numbers[Int(tag >> 3)] = Self.number(&rest)
            case 2:
                guard let count = Self.number(&rest).map(Int.init), count <= rest.count else {
                    return nil
                }
                octets[Int(tag >> 3)] = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            case 5:
                numbers[Int(tag >> 3)] = rest.prefix(4).reversed().reduce(0) {
                    $0 << 8 | UInt64($1)
                }
                rest = rest.dropFirst(4)
            default: return nil
            }
        }
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: 0, to: 64, by: 7) {
            guard let octet = rest.popFirst() else { return nil }
            value |= UInt64(octet & 0x7f) << UInt64(shift)
            if octet < 0x80 { return value }
        }
        return nil
    }

    func endpoint(_ address: Int, _ port: Int) -> Endpoint? {
        guard let octets = octets[address], let port = numbers[port] else { return nil }
        let half: (ArraySlice<UInt8>) -> UInt64 = { $0.reduce(0) { $0 << 8 | UInt64($1) } }
        let found: IPAddress? =
            switch octets.count {
            case 4: IPAddress(v4: UInt32(half(octets[...])))
            case 16: IPAddress(v6High: half(octets[..<8]), low: half(octets[8...]))
            default: nil
            }
        return found.map { Endpoint(address: $0, port: UInt16(port)) }
    }

    func time(_ seconds: Int, _ nanoseconds: Int) -> UInt64? {
        guard let seconds = numbers[seconds], let rest = numbers[nanoseconds] else { return nil }
        return seconds * 1_000_000_000 + rest
    }
}
