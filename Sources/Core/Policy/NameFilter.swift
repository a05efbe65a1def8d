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

    /// Whether the folded name in the first `length` octets of `name` is not to be resolved.
    ///
    /// The longest name that says so or not counts.
    public func blocks(_ name: RawSpan, length: Int) -> Bool {
        table.mayHoldSuffix(of: name, end: length &- 1)
            && verdict(on: name, length: length) == .blocked
    }

    /// What is said of a name.
    enum Verdict: BitwiseCopyable {
        case nothing
        case blocked
        case allowed
    }

    @inline(never)
    func verdict(on name: RawSpan, length: Int) -> Verdict {
        var verdict = Verdict.nothing
        table.forEachSuffix(of: name, end: length &- 1) { payload, start in
            let flags = table.octet(at: payload)
            if start == 0 || flags & NameFilterBuilder.Flag.subtree != 0 {
                verdict = flags & NameFilterBuilder.Flag.allowed == 0 ? .blocked : .allowed
            }
        }
        return verdict
    }

    /// Writes the answer to the folded `question`, whose name is not to be resolved, as `reply`
    /// wants it and gives its length; `nil` when it may be because of its class.
    public func answer(
        _ question: RawSpan, as reply: Reply, into target: inout MutableRawSpan
    ) -> Int? {
        guard question.uint16(at: question.byteCount &- 2) == RecordClass.internet.rawValue else {
            return nil
        }
        return write(question, as: reply, into: &target)
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
