/// A message read back by code that shares nothing with the code under test.
struct ReadMessage: Equatable {
    struct Record: Equatable {
        var type: UInt16
        var `class`: UInt16
        var ttl: UInt32
        var data: [UInt8]
    }

    var id: UInt16
    var flags: UInt16
    var question: [UInt8] = []
    /// Answers, authorities and additionals without OPT.
    var sections: [[Record]] = []
    var edns: Record?
    /// Options of the OPT record by code.
    var options: [UInt16: [UInt8]] = [:]

    var isTruncated: Bool { flags & 0x0200 != 0 }
    var code: UInt16 { UInt16((edns?.ttl ?? 0) >> 24) << 4 | flags & 15 }
    var recordCounts: [Int] { sections.map(\.count) }

    /// Reads a message of at most one question to its very end, or gives `nil`.
    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes: bytes)
        guard let id = reader.number(2), let flags = reader.number(2) else { return nil }
        self.id = UInt16(id)
        self.flags = UInt16(flags)
        let counts = (0..<4).compactMap { _ in reader.number(2) }
        guard counts.count == 4, counts[0] <= 1 else { return nil }
        if counts[0] == 1 {
            let start = reader.offset
            guard reader.skipName(), reader.take(4) != nil else { return nil }
            question = Array(bytes[start..<reader.offset])
        }
        for count in counts[1...] {
            guard let records = reader.records(count) else { return nil }
            sections.append(records)
        }
        guard reader.offset == bytes.count, separateOptions() else { return nil }
    }

    private mutating func separateOptions() -> Bool {
        let found = sections[2].filter { $0.type == 41 }
        guard found.count <= 1, let record = found.first else { return found.isEmpty }
        // OPT is the last record of everything that is written here.
        guard sections[2].last == record else { return false }
        sections[2].removeLast()
        edns = record
        var reader = Reader(bytes: record.data)
        while reader.offset < record.data.count {
            guard let code = reader.number(2), let length = reader.number(2),
                let data = reader.take(Int(length)), options[UInt16(code)] == nil
            else { return false }
            options[UInt16(code)] = data
        }
        return true
    }
}

private struct Reader {
    let bytes: [UInt8]
    var offset = 0

    mutating func take(_ count: Int) -> [UInt8]? {
        guard bytes.count - offset >= count else { return nil }
        defer { offset += count }
        return Array(bytes[offset..<(offset + count)])
    }

    mutating func number(_ count: Int) -> UInt32? {
        take(count)?.reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// Skips labels to the root or a pointer.
    mutating func skipName() -> Bool {
        while let length = number(1) {
            if length == 0 { return true }
            if length >= 192 { return take(1) != nil }
            guard length < 64, take(Int(length)) != nil else { return false }
        }
        return false
    }

    mutating func records(_ count: UInt32) -> [ReadMessage.Record]? {
        var records: [ReadMessage.Record] = []
        for _ in 0..<count {
            guard skipName(), let type = number(2), let `class` = number(2), let ttl = number(4),
                let length = number(2), let data = take(Int(length))
            else { return nil }
            records.append(
                ReadMessage.Record(
                    type: UInt16(type), class: UInt16(`class`), ttl: ttl, data: data))
        }
        return records
    }
}
