internal import DNSWire
internal import NetAddress

/// The addresses that an answer gives for the name it was asked about, and for how long.
struct AddressAnswer {
    /// CNAMEs that are followed; resolvers stop at 8 to 16.
    private static let maximumLinks = 8

    private(set) var addresses: [IPAddress] = []
    /// The shortest time, in seconds, for which a record on the way to them holds.
    private(set) var ttl = UInt32.max

    /// Reads a checked answer to a question for A or AAAA, at most `limit` addresses.
    ///
    /// Records of other names than those that the question's leads to are passed over.
    init(_ message: RawSpan, _ response: Response, limit: Int) {
        var owner = Question.offset
        for _ in 0...Self.maximumLinks {
            guard let target = read(message, response, owner: owner, limit: limit) else { return }
            owner = target
        }
    }

    /// Takes the addresses of the name at `owner`, or gives where the name is that it stands for.
    private mutating func read(
        _ message: RawSpan, _ response: Response, owner: Int, limit: Int
    ) -> Int? {
        var target: Int?
        var offset = response.question.end
        for _ in 0..<response.answerCount {
            guard let record = try? ResourceRecord(message, at: offset) else { return nil }
            offset = record.data.upperBound
            let isAddress = record.type == response.question.type
            guard isAddress || record.type == .cname, record.recordClass == .internet,
                Name.equal(in: message, owner, record.start)
            else { continue }
            ttl = min(ttl, Self.seconds(message.uint32(at: record.fields + 4)))
            if !isAddress {
                target = record.data.lowerBound
            } else if addresses.count < limit {
                addresses.append(Self.address(message, record.data))
            }
        }
        return addresses.isEmpty ? target : nil
    }

    /// A TTL with the top bit set is zero (RFC 2181 section 8).
    private static func seconds(_ ttl: UInt32) -> UInt32 { ttl >> 31 == 0 ? ttl : 0 }

    private static func address(_ message: RawSpan, _ data: Range<Int>) -> IPAddress {
        let start = data.lowerBound
        guard data.count == 16 else { return IPAddress(v4: message.uint32(at: start)) }
        return IPAddress(
            v6High: UInt64(message.uint32(at: start)) << 32 | UInt64(message.uint32(at: start + 4)),
            low: UInt64(message.uint32(at: start + 8)) << 32
                | UInt64(message.uint32(at: start + 12)))
    }
}
