import NetAddress

/// A DNS message taken apart for tests, by code of its own.
///
/// It shares nothing with the code under test, so that a mistake there is not a mistake here.
public struct TestMessage: Sendable {
    /// One entry of the question section.
    public struct Question: Hashable, Sendable {
        public let name: TestName
        public let type: UInt16
        public let `class`: UInt16
    }

    public let bytes: [UInt8]
    public let id: UInt16
    /// The second 16 bits of the header.
    public let flags: UInt16
    /// QDCOUNT, ANCOUNT, NSCOUNT and ARCOUNT, as they stand in the header.
    public let counts: [UInt16]
    public private(set) var questions: [Question] = []
    public private(set) var answers: [TestRecord] = []
    public private(set) var authorities: [TestRecord] = []
    public private(set) var additionals: [TestRecord] = []
    /// Whether all that the header counts was there and made sense.
    public private(set) var isWellFormed = false
    /// How many octets follow the last counted record.
    public private(set) var trailingByteCount = 0

    /// Takes any bytes of at least a header; `isWellFormed` tells how the rest went.
    public init?(_ bytes: [UInt8]) {
        var cursor = WireCursor(bytes: bytes, offset: 0)
        guard let id = cursor.uint16(), let flags = cursor.uint16(),
            let first = cursor.uint16(), let second = cursor.uint16(),
            let third = cursor.uint16(), let fourth = cursor.uint16()
        else { return nil }
        self.bytes = bytes
        self.id = id
        self.flags = flags
        counts = [first, second, third, fourth]
        isWellFormed = readSections(&cursor)
        trailingByteCount = bytes.count - cursor.offset
    }

    private mutating func readSections(_ cursor: inout WireCursor) -> Bool {
        for _ in 0..<counts[0] {
            guard let name = cursor.name(), let type = cursor.uint16(),
                let `class` = cursor.uint16()
            else { return false }
            questions.append(Question(name: name, type: type, class: `class`))
        }
        for (section, path) in [\Self.answers, \.authorities, \.additionals].enumerated() {
            for _ in 0..<counts[section + 1] {
                guard let record = TestRecord(&cursor) else { return false }
                self[keyPath: path].append(record)
            }
        }
        return true
    }

    public var isResponse: Bool { flags & 0x8000 != 0 }
    public var opcode: UInt16 { flags >> 11 & 15 }
    public var isAuthoritative: Bool { flags & 0x0400 != 0 }
    public var isTruncated: Bool { flags & 0x0200 != 0 }
    public var recursionDesired: Bool { flags & 0x0100 != 0 }
    public var recursionAvailable: Bool { flags & 0x0080 != 0 }
    public var isAuthenticData: Bool { flags & 0x0020 != 0 }
    public var checkingDisabled: Bool { flags & 0x0010 != 0 }

    /// The response code, extended by the OPT record's upper bits.
    public var rcode: UInt16 {
        UInt16(edns?.extendedRcode ?? 0) << 4 | flags & 15
    }

    /// The OPT record of the additional section.
    public var edns: TestEDNS? {
        additionals.first { $0.type == RecordType.opt }.map(TestEDNS.init)
    }

    /// The addresses of the answer section, in order.
    public var addresses: [IPAddress] { answers.compactMap(\.address) }

    /// The lowest TTL of the answer section.
    public var lowestTTL: UInt32? { answers.map(\.ttl).min() }
}
