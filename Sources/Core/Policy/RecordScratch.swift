internal import Collections
internal import DNSWire

/// A record or two that are made for one answer, whose owners are parts of the question.
struct RecordScratch: BitwiseCopyable {
    /// Two records of the longest kind, a start of authority.
    private var octets = InlineArray<104, UInt8>(repeating: 0)
    private(set) var count = 0
    private var dataStart = 0

    /// `nobody.invalid`.
    private static let mailbox: InlineArray<16, UInt8> = [
        6, 0x6e, 0x6f, 0x62, 0x6f, 0x64, 0x79, 7, 0x69, 0x6e, 0x76, 0x61, 0x6c, 0x69, 0x64, 0,
    ]

    /// Begins a record of class IN whose owner is the question's name from `owner` on.
    mutating func begin(_ type: RecordType, owner: Int, timeToLive: UInt32) {
        append(Self.pointer(to: owner))
        append(type.rawValue)
        append(RecordClass.internet.rawValue)
        append(timeToLive)
        append(0 as UInt16)
        dataStart = count
    }

    /// Ends the record that was begun.
    mutating func end() {
        octets[dataStart - 1] = UInt8(truncatingIfNeeded: count - dataStart)
    }

    /// Adds what RFC 6303 section 3 proposes, with `timeToLive` for what is not there.
    mutating func addStartOfAuthority(of owner: Int, timeToLive: UInt32) {
        begin(.soa, owner: owner, timeToLive: timeToLive)
        append(Self.pointer(to: owner))
        for index in Self.mailbox.indices { append(Self.mailbox[index]) }
        append(1 as UInt32)
        append(3600 as UInt32)
        append(1200 as UInt32)
        append(604_800 as UInt32)
        append(timeToLive)
        end()
    }

    /// A compression pointer to the question's name from `start` on.
    static func pointer(to start: Int) -> UInt16 {
        0xc000 | UInt16(truncatingIfNeeded: Question.offset &+ start)
    }

    mutating func append(_ octet: UInt8) {
        octets[count] = octet
        count += 1
    }

    mutating func append(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func append(_ value: UInt32) {
        append(UInt16(truncatingIfNeeded: value >> 16))
        append(UInt16(truncatingIfNeeded: value))
    }

    func withOctets<Result>(_ body: (RawSpan) -> Result) -> Result {
        body(octets.span.octets.extracting(0..<count))
    }
}
