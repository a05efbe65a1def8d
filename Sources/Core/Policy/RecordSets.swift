internal import DNSWire
internal import NetAddress

/// The records of one name in wire format, by type: what is asked for is copied out as it is.
///
/// A set is a type, a count, a length, each in two octets, and the records.
struct RecordSets {
    private(set) var octets: [UInt8] = []

    /// Writes the sets of `records`; `target` gives the records of a name that an alias leads to.
    init(_ records: [LocalRecord], target: (FoldedName) -> [LocalRecord]) {
        if let alias = records.first(where: { $0.data.type == .cname }) {
            addAlias(alias, target)
            return
        }
        for type in Self.types(of: records) {
            add(type, records.filter { $0.data.type == type }.map { Self.wire($0) })
        }
        if !records.isEmpty { add(.any, records.map { Self.wire($0) }) }
    }

    /// An alias is the answer to everything; where the other name has the type, with its records.
    private mutating func addAlias(_ alias: LocalRecord, _ target: (FoldedName) -> [LocalRecord]) {
        guard case .alias(let name) = alias.data else { return }
        let others = target(name).filter { $0.data.type != .cname }
        for type in Self.types(of: others) {
            let found = others.filter { $0.data.type == type }
            add(type, [Self.wire(alias)] + found.map { Self.wire($0, owner: name.octets) })
        }
        for type in [RecordType.cname, .any] { add(type, [Self.wire(alias)]) }
        // Last, and under a type that nobody can ask for: the answer where there is no other.
        add(Self.otherwise, [Self.wire(alias)])
    }

    /// The type of the set that stands for all that are not there (RFC 6895 section 3.1).
    static let otherwise = RecordType(rawValue: 0)

    private static func types(of records: [LocalRecord]) -> [RecordType] {
        records.reduce(into: []) { types, record in
            if !types.contains(record.data.type) { types.append(record.data.type) }
        }
    }

    private mutating func add(_ type: RecordType, _ records: [[UInt8]]) {
        octets += Self.octets(type.rawValue) + Self.octets(UInt16(clamping: records.count))
        octets += Self.octets(UInt16(clamping: records.reduce(0) { $0 + $1.count }))
        for record in records { octets += record }
    }

    private static func wire(_ record: LocalRecord, owner: [UInt8] = [0xc0, 0x0c]) -> [UInt8] {
        let data = record.data.octets
        let time = record.timeToLive
        return owner + octets(record.data.type.rawValue) + octets(RecordClass.internet.rawValue)
            + octets(UInt16(time >> 16)) + octets(UInt16(truncatingIfNeeded: time))
            + octets(UInt16(clamping: data.count)) + data
    }

    fileprivate static func octets(_ value: UInt16) -> [UInt8] {
        [UInt8(value >> 8), UInt8(truncatingIfNeeded: value)]
    }
}

extension LocalRecord.Data {
    var type: RecordType {
        switch self {
        case .address(let address): address.family == .v4 ? .a : .aaaa
        case .alias: .cname
        case .pointer: .ptr
        case .text: .txt
        case .mail: .mx
        case .service: .srv
        }
    }

    /// The RDATA.
    fileprivate var octets: [UInt8] {
        switch self {
        case .address(let address):
            let words =
                address.family == .v4
                ? [UInt64(address.v4Bits) << 32] : [address.high, address.low]
            let octets = words.flatMap { word in
                stride(from: 56, through: 0, by: -8).map {
                    UInt8(truncatingIfNeeded: word >> UInt64($0))
                }
            }
            return address.family == .v4 ? Array(octets.prefix(4)) : octets
        case .alias(let name), .pointer(let name): return name.octets
        case .text(let text): return Self.strings(text)
        case .mail(let preference, let name): return RecordSets.octets(preference) + name.octets
        case .service(let priority, let weight, let port, let name):
            return [priority, weight, port].flatMap(RecordSets.octets) + name.octets
        }
    }

    /// Character strings of at most 255 octets; one at least (RFC 1035 section 3.3.14).
    private static func strings(_ text: [UInt8]) -> [UInt8] {
        var octets: [UInt8] = []
        var rest = text[...]
        repeat {
            let part = rest.prefix(255)
            octets += [UInt8(part.count)] + part
            rest = rest.dropFirst(255)
        } while !rest.isEmpty
        return octets
    }
}
