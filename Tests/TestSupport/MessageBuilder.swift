/// Makes DNS messages octet by octet, right ones and wrong ones.
///
/// The header's counts grow with what is added, and can be set to anything afterwards.
public struct MessageBuilder: Sendable {
    public private(set) var bytes: [UInt8]

    /// Begins with a header; `flags` are its second 16 bits.
    public init(id: UInt16 = 0, flags: UInt16 = 0x0100) {
        bytes = [UInt8](repeating: 0, count: 12)
        set(id, at: 0)
        set(flags, at: 2)
    }

    /// A query of the usual kind: RD set and one question in class IN.
    public static func query(
        _ name: some StringProtocol, type: UInt16 = 1, id: UInt16 = 0, flags: UInt16 = 0x0100
    ) -> MessageBuilder {
        var message = MessageBuilder(id: id, flags: flags)
        message.addQuestion(DomainName.wire(name), type: type)
        return message
    }

    /// The sections by their place in the header's counts.
    public enum Section: Int, Sendable {
        case question
        case answer
        case authority
        case additional
    }

    public mutating func addQuestion(_ name: [UInt8], type: UInt16, recordClass: UInt16 = 1) {
        bytes += name
        append(type)
        append(recordClass)
        count(.question, by: 1)
    }

    /// Adds a record; by default its owner is a pointer to the question's name.
    public mutating func addRecord(
        owner: [UInt8] = [0xc0, 0x0c], type: UInt16, recordClass: UInt16 = 1, ttl: UInt32 = 300,
        data: [UInt8], length: UInt16? = nil, in section: Section = .answer
    ) {
        bytes += owner
        append(type)
        append(recordClass)
        append(UInt16(truncatingIfNeeded: ttl >> 16))
        append(UInt16(truncatingIfNeeded: ttl))
        append(length ?? UInt16(truncatingIfNeeded: data.count))
        bytes += data
        count(section, by: 1)
    }

    /// Adds an OPT record; `upperCode` are the upper eight bits of the RCODE.
    public mutating func addOption(
        payloadSize: UInt16 = 1232, upperCode: UInt8 = 0, version: UInt8 = 0, flags: UInt16 = 0,
        options: [(code: UInt16, data: [UInt8])] = [], owner: [UInt8] = [0],
        in section: Section = .additional
    ) {
        var data: [UInt8] = []
        for option in options {
            data += [UInt8(option.code >> 8), UInt8(truncatingIfNeeded: option.code)]
            data += [UInt8(option.data.count >> 8), UInt8(truncatingIfNeeded: option.data.count)]
            data += option.data
        }
        let ttl = UInt32(upperCode) << 24 | UInt32(version) << 16 | UInt32(flags)
        addRecord(
            owner: owner, type: 41, recordClass: payloadSize, ttl: ttl, data: data, in: section)
    }

    public mutating func append(octets: some Sequence<UInt8>) {
        bytes += octets
    }

    /// Overwrites the 16 bits at `offset`.
    public mutating func set(_ value: UInt16, at offset: Int) {
        bytes[offset] = UInt8(value >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Adds `difference` to the header's count of `section`.
    public mutating func count(_ section: Section, by difference: Int) {
        let offset = 4 + section.rawValue * 2
        let value = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
        set(UInt16(truncatingIfNeeded: value + difference), at: offset)
    }

    private mutating func append(_ value: UInt16) {
        bytes += [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    }
}
