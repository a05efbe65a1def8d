internal import DNSWire

/// The fixed part of an entry, in the order of the machine: an entry never leaves its process.
struct EntryHeader: BitwiseCopyable {
    static let byteCount = MemoryLayout<EntryHeader>.size

    // The first five are where `EntryLayout.Field` says.
    var state: EntryLayout.State
    /// Hits since it was put where it is, as far as they are counted.
    var frequency: UInt8
    /// DO and CD, or that it is a cut (`CacheKey`).
    let bits: UInt8
    let route: UInt8
    /// Upper half of its hash, by which the index knows it.
    let tag: UInt32
    let storedAt: UInt32
    let ttl: UInt32
    /// The answer's flags, RCODE included.
    private let flags: UInt16
    /// Of a failure, which has no records, the epoch it belongs to.
    private let answerCountOrEpoch: UInt16
    private let authorityCount: UInt16
    private let additionalCount: UInt16
    let recordsLength: UInt16
    private let nameLength: UInt8
    let errorLength: UInt8

    init(_ entry: borrowing NewEntry, tag: UInt32, now: UInt32, epoch: UInt16) {
        let outline = entry.outline
        state = entry.isFailure ? .failure : entry.isCut ? .cut : []
        frequency = entry.frequency
        bits = entry.key.bits
        route = entry.key.route
        self.tag = tag
        storedAt = now
        ttl = entry.ttl
        flags = outline.flags.with(outline.code).rawValue
        answerCountOrEpoch = entry.isFailure ? epoch : outline.answerCount
        authorityCount = outline.authorityCount
        additionalCount = outline.additionalCount
        recordsLength = UInt16(entry.records.byteCount)
        nameLength = UInt8(entry.question.byteCount - (entry.isCut ? 0 : Self.fieldsLength))
        errorLength = UInt8(entry.extendedError.byteCount)
    }

    /// TYPE and CLASS, which a cut does not have.
    private static let fieldsLength = 4

    @inline(__always)
    var questionLength: Int {
        Int(nameLength) &+ (state.contains(.cut) ? 0 : Self.fieldsLength)
    }

    /// How many TTLs there are: one for each record.
    @inline(__always)
    var ttlCount: Int {
        guard !state.contains(.failure) else { return 0 }
        return Int(answerCountOrEpoch) &+ Int(authorityCount) &+ Int(additionalCount)
    }

    /// The count of recoveries that a failure was stored under.
    var epoch: UInt16 { state.contains(.failure) ? answerCountOrEpoch : 0 }

    @inline(__always)
    var outline: AnswerOutline {
        let flags = Flags(rawValue: flags)
        return AnswerOutline(
            flags: flags, code: ResponseCode(rawValue: UInt16(flags.responseCode)),
            answerCount: state.contains(.failure) ? 0 : answerCountOrEpoch,
            authorityCount: authorityCount, additionalCount: additionalCount)
    }

    /// Seconds since it was stored; zero when the clock says otherwise.
    @inline(__always)
    func age(_ now: UInt32) -> UInt32 {
        // It may have been stored before the clock's start, by a process before this one.
        UInt32(max(Int32(bitPattern: now &- storedAt), 0))
    }
}
