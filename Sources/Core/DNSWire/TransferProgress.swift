/// How far the answer to a transfer query has come: it ends where the SOA record it began with
/// comes again.
public struct TransferProgress: Equatable, Sendable {
    /// What a message of the answer is.
    public enum Step: Equatable, Sendable {
        case more
        case last
        /// It cannot be part of the answer.
        case defect
    }

    private let id: UInt16
    private let isIncremental: Bool
    private var isFirst = true
    /// The serial number of the zone as it is sent.
    private var serial: UInt32 = 0
    /// SOA records that have come.
    private var count = 0

    public init(_ query: TransferQuery) {
        id = query.id
        isIncremental = query.isIncremental
    }

    /// Takes the next message of the answer.
    ///
    /// In a whole zone the second SOA record is the end. Changes are pairs of SOA records, old and
    /// new, with records behind each, so the end is the one of the first serial that comes in the
    /// place of an old one (RFC 1995 section 4). One SOA record alone says that nothing has
    /// changed.
    public mutating func received(_ message: RawSpan) -> Step {
        guard let header = Header(message), header.id == id, header.flags.contains(.response),
            header.flags.opcode == 0, header.questionCount <= 1
        else { return .defect }
        let wasFirst = isFirst
        isFirst = false
        // A refusal, and an empty answer, are whole.
        if header.flags.responseCode != 0 || header.answerCount == 0 { return .last }
        var offset = Header.byteCount
        if header.questionCount == 1 {
            guard let question = try? Question(message) else { return .defect }
            offset = question.end
        }
        for _ in 0..<header.answerCount {
            guard let record = try? ResourceRecord(message, at: offset) else { return .defect }
            offset = record.data.upperBound
            if record.type == .soa {
                if take(message.uint32(at: offset - 20)) { return .last }
            } else if count == 0 {
                return .defect
            }
        }
        return wasFirst && isIncremental && header.answerCount == 1 ? .last : .more
    }

    /// Takes the serial number of an SOA record; true when it is that of the last one.
    private mutating func take(_ serial: UInt32) -> Bool {
        count += 1
        if count == 1 { self.serial = serial }
        return count.isMultiple(of: 2) && serial == self.serial
    }
}
