public import DNSWire

/// Names that are not resolved.
///
/// Never changes, so that workers can share it; a new one takes its place.
public final class NameFilter: Sendable {
    /// What is answered instead.
    public enum Answer: Sendable {
        /// The name does not exist.
        case nameError
        /// The name has nothing of the type.
        case noData
        /// The unspecified address, and nothing of other types.
        case zero
    }

    private let table: DomainTable
    private let answer: Answer

    init(_ table: consuming DomainTable, answer: Answer) {
        self.table = table
        self.answer = answer
    }

    /// How many names there are, allowed ones included.
    public var count: Int { table.count }

    /// Octets of memory.
    public var byteCount: Int { table.byteCount }

    /// How long clients may remember what is answered here, in seconds: lists change.
    static let timeToLive: UInt32 = 60

    /// Writes the answer to the folded `question` as `reply` wants it and gives its length; `nil`
    /// when it may be resolved.
    public func answer(
        _ question: RawSpan, as reply: Reply, into target: inout MutableRawSpan
    ) -> Int? {
        let nameLength = question.byteCount &- 4
        guard question.uint16(at: nameLength &+ 2) == RecordClass.internet.rawValue,
            blocks(question.extracting(0..<nameLength))
        else { return nil }
        return write(question, as: reply, into: &target)
    }

    /// Whether the folded `name` is not to be resolved; the longest name that says so or not counts.
    func blocks(_ name: RawSpan) -> Bool {
        var isBlocked = false
        table.forEachSuffix(of: name) { payload, start in
            let flags = table.octet(at: payload)
            if start == 0 || flags & NameFilterBuilder.Flag.subtree != 0 {
                isBlocked = flags & NameFilterBuilder.Flag.allowed == 0
            }
        }
        return isBlocked
    }

    private func write(
        _ question: RawSpan, as reply: Reply, into target: inout MutableRawSpan
    ) -> Int {
        var record = RecordScratch()
        let type = RecordType(rawValue: question.uint16(at: question.byteCount &- 4))
        let isAnswer = answer == .zero && (type == .a || type == .aaaa)
        if isAnswer {
            record.begin(type, owner: 0, timeToLive: Self.timeToLive)
            for _ in 0..<(type == .a ? 1 : 4) { record.append(0 as UInt32) }
            record.end()
        } else {
            record.addStartOfAuthority(of: 0, timeToLive: Self.timeToLive)
        }
        let outline = AnswerOutline(
            flags: [.response, .recursionAvailable],
            code: answer == .nameError ? .nameError : .noError, answerCount: isAnswer ? 1 : 0,
            authorityCount: isAnswer ? 0 : 1, additionalCount: 0)
        return record.withOctets { records in
            reply.write(
                outline, records: records, reason: .blocked, question: question, into: &target)
        }
    }
}
