/// A DNS message taken apart with code of the tests' own, so that a mistake in the code under
/// test is not a mistake here.
public struct DecodedMessage: Sendable {
    public struct Record: Equatable, Sendable {
        /// The owner with pointers followed.
        public let owner: [UInt8]
        public let type: UInt16
        public let recordClass: UInt16
        public let ttl: UInt32
        public let data: [UInt8]
    }

    public struct Option: Equatable, Sendable {
        public let code: UInt16
        public let data: [UInt8]
    }

    public let bytes: [UInt8]
    public let id: UInt16
    public let flags: UInt16
    /// The question's name as written, when there is exactly one question.
    public private(set) var name: [UInt8] = []
    public private(set) var type: UInt16 = 0
    public private(set) var recordClass: UInt16 = 0
    public private(set) var questionCount = 0
    public private(set) var answers: [Record] = []
    public private(set) var authorities: [Record] = []
    /// Additional records other than OPT.
    public private(set) var additionals: [Record] = []
    public private(set) var option: Record?
    public private(set) var options: [Option] = []

    /// Takes `bytes` apart; `nil` when any octet of it is out of place or left over.
    public init?(_ bytes: [UInt8]) {
        var cursor = MessageCursor(bytes)
        guard let id = cursor.uint16(), let flags = cursor.uint16(),
            let questions = cursor.uint16(), let answered = cursor.uint16(),
            let authority = cursor.uint16(), let additional = cursor.uint16()
        else { return nil }
        self.bytes = bytes
        self.id = id
        self.flags = flags
        questionCount = Int(questions)
        guard readQuestions(&cursor), let answers = Self.records(&cursor, answered),
            let authorities = Self.records(&cursor, authority),
            let others = Self.records(&cursor, additional), cursor.isAtEnd
        else { return nil }
        self.answers = answers
        self.authorities = authorities
        additionals = others.filter { $0.type != 41 }
        let found = others.filter { $0.type == 41 }
        guard found.count <= 1, !(answers + authorities).contains(where: { $0.type == 41 }),
            readOptions(found.first)
        else { return nil }
    }

    /// RCODE with the bits that EDNS adds.
    public var code: UInt16 {
        UInt16((option?.ttl ?? 0) >> 24) << 4 | flags & 15
    }

    /// Whether the DO bit is set.
    public var isDNSSECOK: Bool { (option?.ttl ?? 0) & 0x8000 != 0 }

    /// The data of the first option with `code`.
    public func option(_ code: UInt16) -> [UInt8]? {
        options.first { $0.code == code }?.data
    }

    private mutating func readQuestions(_ cursor: inout MessageCursor) -> Bool {
        for _ in 0..<questionCount {
            guard let name = cursor.name(), let type = cursor.uint16(),
                let recordClass = cursor.uint16()
            else { return false }
            self.name = name
            self.type = type
            self.recordClass = recordClass
        }
        return true
    }

    private mutating func readOptions(_ record: Record?) -> Bool {
        guard let record else { return true }
        option = record
        guard record.owner == [0] else { return false }
        var cursor = MessageCursor(record.data)
        while !cursor.isAtEnd {
            guard let code = cursor.uint16(), let length = cursor.uint16(),
                let data = cursor.octets(Int(length))
            else { return false }
            options.append(Option(code: code, data: data))
        }
        return true
    }

    private static func records(_ cursor: inout MessageCursor, _ count: UInt16) -> [Record]? {
        var records: [Record] = []
        for _ in 0..<count {
            guard let owner = cursor.name(), let type = cursor.uint16(),
                let recordClass = cursor.uint16(), let high = cursor.uint16(),
                let low = cursor.uint16(), let length = cursor.uint16(),
                let data = cursor.octets(Int(length))
            else { return nil }
            records.append(
                Record(
                    owner: owner, type: type, recordClass: recordClass,
                    ttl: UInt32(high) << 16 | UInt32(low), data: data))
        }
        return records
    }
}
