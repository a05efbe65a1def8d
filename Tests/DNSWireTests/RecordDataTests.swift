import DNSWire
import Testing

/// Record data of one type, good or bad.
struct DataCase: CustomTestStringConvertible, Sendable {
    let what: String
    let type: UInt16
    let data: [UInt8]
    var recordClass: UInt16 = 1

    init(_ what: String, _ type: UInt16, _ data: [UInt8], class: UInt16 = 1) {
        self.what = what
        self.type = type
        self.data = data
        recordClass = `class`
    }

    var testDescription: String { "\(what), type \(type)" }
}

@Suite struct RecordDataTests {
    private static let www = name("ns.www.example")
    private static let short = labels("ns") + pointer(12)
    /// Where RDATA begins behind a question for `www.example.` and a pointer as the owner.
    private static let dataStart = 12 + 13 + 4 + 12

    /// The types whose RDATA is octets, names and octets: the counts of each.
    static let layouts: [(type: UInt16, prefix: Int, names: Int, suffix: Int)] = [
        (2, 0, 1, 0), (3, 0, 1, 0), (4, 0, 1, 0), (5, 0, 1, 0), (7, 0, 1, 0), (8, 0, 1, 0),
        (9, 0, 1, 0), (12, 0, 1, 0), (39, 0, 1, 0), (6, 0, 2, 20), (14, 0, 2, 0), (17, 0, 2, 0),
        (15, 2, 1, 0), (18, 2, 1, 0), (21, 2, 1, 0), (36, 2, 1, 0), (26, 2, 2, 0), (33, 6, 1, 0),
        (24, 18, 1, 9), (30, 0, 1, 4),
    ]

    private func isAccepted(_ data: [UInt8], type: UInt16, class: UInt16 = 1) -> Bool {
        let message = MessageBytes.answer(record(type: type, class: `class`, data: data)).bytes
        let found = response(message)
        if case .failure(let defect) = found {
            guard case .malformed = defect else {
                Issue.record("\(defect)")
                return false
            }
        }
        return (try? found.get()) != nil
    }

    @Test(arguments: layouts) func namesAreWalked(
        type: UInt16, prefix: Int, names: Int, suffix: Int
    ) {
        // Octets that are no name, to hold that they are not read as one.
        let before = [UInt8](repeating: 0xff, count: prefix)
        let after = [UInt8](repeating: 0xff, count: suffix)
        for good in [Self.www, Self.short, pointer(12), [0]] {
            let data = before + Array(repeating: good, count: names).joined() + after
            #expect(isAccepted(data, type: type))
            for count in 0..<data.count
            where count < data.count - (type == 24 || type == 30 ? suffix : 0) {
                #expect(!isAccepted(Array(data.prefix(count)), type: type), "\(count) octets")
            }
            #expect(isAccepted(data + [0], type: type) == (type == 24 || type == 30))
        }
    }

    @Test(arguments: layouts) func badNamesAreFound(
        type: UInt16, prefix: Int, names: Int, suffix: Int
    ) {
        let before = [UInt8](repeating: 0, count: prefix)
        let after = [UInt8](repeating: 0, count: suffix)
        for position in 0..<names {
            let start = Self.dataStart + prefix + position
            let bad = [
                pointer(start), pointer(start + 2), pointer(0x3fff), pointer(0), [0x40, 0],
                [0x80, 0], labels("a") + pointer(start), name(byteCount: 256),
            ]
            for name in bad {
                var all = [[UInt8]](repeating: [0], count: names)
                all[position] = name
                #expect(!isAccepted(before + all.joined() + after, type: type))
            }
        }
    }

    static let good = [
        DataCase("A", 1, [192, 0, 2, 1]),
        DataCase("A of another class", 1, [1, 97, 0, 1, 2], class: 3),
        DataCase("AAAA", 28, [UInt8](repeating: 1, count: 16)),
        DataCase("TXT", 16, [3, 97, 98, 99]),
        DataCase("TXT that overruns", 16, [200, 97]),
        DataCase("empty TXT", 16, []),
        DataCase("unknown type", 65_280, pointer(0x3fff)),
        DataCase("empty unknown type", 65_280, []),
        DataCase("NULL", 10, [0xff]),
        DataCase("NAPTR", 35, [0, 1, 0, 2, 1, 0x73, 0, 2, 97, 98] + name("a.b")),
        DataCase("NAPTR of the root", 35, [0, 1, 0, 2, 0, 0, 0, 0]),
        DataCase("RRSIG, never compressed", 46, [UInt8](repeating: 0xff, count: 40)),
        DataCase("HTTPS", 65, [0, 1, 0, 0, 1, 0, 3, 2, 0x68, 0x32]),
    ]

    static let bad = [
        DataCase("A of 0 octets", 1, []), DataCase("A of 3 octets", 1, [1, 2, 3]),
        DataCase("A of 5 octets", 1, [1, 2, 3, 4, 5]),
        DataCase("AAAA of 4 octets", 28, [1, 2, 3, 4]),
        DataCase("AAAA of 17 octets", 28, [UInt8](repeating: 1, count: 17)),
        DataCase("MX of 1 octet", 15, [1]),
        DataCase("SOA without numbers", 6, [0, 0]),
        DataCase("SRV without a target", 33, [0, 1, 0, 2, 0, 3]),
        DataCase("NS of class CH", 2, pointer(0x3fff), class: 3),
        DataCase("NAPTR of 4 octets", 35, [0, 1, 0, 2]),
        DataCase("NAPTR whose string overruns", 35, [0, 1, 0, 2, 9, 0, 0, 0]),
        DataCase("NAPTR whose last string overruns", 35, [0, 1, 0, 2, 0, 0, 1]),
        DataCase("NAPTR whose last string ends it", 35, [0, 1, 0, 2, 0, 0, 0]),
        DataCase("NAPTR with a pointer forward", 35, [0, 1, 0, 2, 0, 0, 0] + pointer(0x3fff)),
        DataCase("NAPTR with an octet behind", 35, [0, 1, 0, 2, 0, 0, 0, 0, 0]),
    ]

    @Test(arguments: good) func accepts(row: DataCase) {
        #expect(isAccepted(row.data, type: row.type, class: row.recordClass))
    }

    @Test(arguments: bad) func refuses(row: DataCase) {
        #expect(!isAccepted(row.data, type: row.type, class: row.recordClass))
    }

    /// A name must not run on into the next record, even where that would make sense.
    @Test func namesEndInsideTheirRDATA() {
        let spilling = MessageBytes.answer(
            record(type: 2, data: [1], length: 1), [97, 0] + record().dropFirst(2))
        #expect(response(spilling.bytes) == .failure(.malformed(.truncated)))
    }
}
