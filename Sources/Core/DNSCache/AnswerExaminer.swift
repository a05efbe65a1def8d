internal import Collections
internal import DNSWire

/// Decides whether an answer may be kept, how much of it, and for how long.
///
/// An answer is kept under its exact question and nothing else, so a lie in it can only be about
/// that question. What is not about the question at all does not get in (docs/caching.md).
struct AnswerExaminer: ~Copyable {
    /// What is kept of an answer.
    struct Finding {
        let ttl: UInt32
        let outline: AnswerOutline
        let records: Range<Int>
    }

    private static let names = 32

    var ttls = TTLOffsets()
    /// Where the names are that the answer is about: the question's, then those of its CNAMEs.
    private var chain = FixedArray<Int>(repeating: 0, count: Self.names)
    private var chainCount = 0
    /// Where the names are that records point to, whose addresses may be added.
    private var targets = FixedArray<Int>(repeating: 0, count: Self.names)
    private var targetCount = 0
    private var comparisons = 0
    private var lowestTTL: UInt32 = .max
    private var negativeTTL: UInt32?
    private var hasAnswer = false

    /// Examines a checked answer; `nil` when it must not be kept.
    ///
    /// `time` is the wall clock, by which signatures expire.
    mutating func examine(
        _ message: RawSpan, _ response: Response, settings: CacheSettings, time: UInt32
    ) -> Finding? {
        reset(settings)
        var outline = response.outline
        var offset = response.question.end
        let start = offset
        for _ in 0..<outline.answerCount {
            guard let record = take(message, &offset, from: start, time: time),
                isAboutAnswer(record, message)
            else { return nil }
            noteAnswer(record, message, response.question)
        }
        let isNegative = response.code == .nameError || !hasAnswer
        let answersEnd = offset
        let answerTTLs = ttls.count
        let answerLowest = lowestTTL
        var isSound = true
        for _ in 0..<outline.authorityCount where isSound {
            guard let record = take(message, &offset, from: start, time: time) else { return nil }
            isSound = noteAuthority(record, message)
        }
        if !isSound {
            guard !isNegative else { return nil }
            outline.authorityCount = 0
            outline.additionalCount = 0
            offset = answersEnd
            ttls.truncate(to: answerTTLs)
            lowestTTL = answerLowest
        }
        takeAdditional(message, &outline, &offset, from: start, time: time)
        guard let ttl = finalTTL(isNegative: isNegative, settings), ttl > 0 else { return nil }
        // Nobody keeps it for longer than this (RFC 2308 section 5).
        if isNegative { ttls.maximum = min(ttls.maximum, ttl) }
        return Finding(ttl: ttl, outline: outline, records: start..<offset)
    }

    private mutating func reset(_ settings: CacheSettings) {
        ttls.removeAll()
        ttls.minimum = settings.minimumTTL
        ttls.maximum = settings.maximumTTL
        chain[0] = Question.offset
        chainCount = 1
        targetCount = 0
        comparisons = 0
        lowestTTL = .max
        negativeTTL = nil
        hasAnswer = false
    }

    /// Reads the next record and notes its TTL.
    private mutating func take(
        _ message: RawSpan, _ offset: inout Int, from start: Int, time: UInt32
    ) -> ResourceRecord? {
        guard let record = try? ResourceRecord(message, at: offset),
            ttls.append(record.fields + 4 - start)
        else { return nil }
        offset = record.data.upperBound
        lowestTTL = min(lowestTTL, ttls.clamped(message.uint32(at: record.fields + 4)))
        if record.type == .rrsig, record.data.count >= 12 {
            // Serial number arithmetic (RFC 4034 section 3.1.5), so it wraps in 2106 and not
            // before.
            let left = Int32(bitPattern: message.uint32(at: record.data.lowerBound + 8) &- time)
            lowestTTL = min(lowestTTL, UInt32(max(left, 0)))
            // A TTL never outlives a signature (RFC 4035 section 5.3.3).
            ttls.maximum = min(ttls.maximum, UInt32(max(left, 0)))
        }
        return record
    }

    /// Whether a record of the answer section is about the names of the answer.
    ///
    /// A DNAME and its signature have a name above the one that they redirect (RFC 6672).
    private mutating func isAboutAnswer(_ record: ResourceRecord, _ message: RawSpan) -> Bool {
        isInChain(record.start, message)
            || (record.type == .dname || record.type == .rrsig)
                && isAboveChain(record.start, message)
    }

    private mutating func isInChain(_ owner: Int, _ message: RawSpan) -> Bool {
        // Most records belong to the name that was named last.
        for place in stride(from: chainCount - 1, through: 0, by: -1)
        where isEqual(owner, chain[place], message) {
            return true
        }
        return false
    }

    private mutating func isEqual(_ one: Int, _ other: Int, _ message: RawSpan) -> Bool {
        comparisons += 1
        return comparisons <= CacheLimits.comparisons && Name.equal(in: message, one, other)
    }

    private mutating func noteAnswer(
        _ record: ResourceRecord, _ message: RawSpan, _ question: Question
    ) {
        if record.type == question.type || question.type == .any { hasAnswer = true }
        switch record.type {
        case .cname where chainCount < Self.names:
            chain[chainCount] = record.data.lowerBound
            chainCount += 1
        default: noteTarget(record)
        }
    }

    /// Notes the name that a record of these types points to.
    private mutating func noteTarget(_ record: ResourceRecord) {
        let prefix: Int? =
            switch record.type {
            case .ns: 0
            case .mx, .svcb, .https: 2
            case .srv: 6
            default: nil
            }
        guard let prefix, record.data.count > prefix, targetCount < Self.names else { return }
        targets[targetCount] = record.data.lowerBound + prefix
        targetCount += 1
    }

    /// Whether a record of the authority section is about the names of the answer.
    private mutating func noteAuthority(_ record: ResourceRecord, _ message: RawSpan) -> Bool {
        switch record.type {
        case .soa, .ns:
            guard isAboveChain(record.start, message) else { return false }
            if record.type == .soa {
                let minimum = message.uint32(at: record.data.upperBound - 4)
                let own = message.uint32(at: record.fields + 4)
                negativeTTL = min(negativeTTL ?? .max, ttls.clamped(min(minimum, own)))
            } else {
                noteTarget(record)
            }
            return true
        // Proofs, which only a validator believes, and it checks them.
        case .ds, .rrsig, .nsec, .nsec3: return true
        default: return false
        }
    }

    private mutating func isAboveChain(_ owner: Int, _ message: RawSpan) -> Bool {
        for place in 0..<chainCount {
            comparisons += 1
            guard comparisons <= CacheLimits.comparisons else { return false }
            if Name.isAncestor(in: message, owner, of: chain[place]) { return true }
        }
        return false
    }

    /// Keeps the additional section if all of it belongs to names that the answer speaks of.
    private mutating func takeAdditional(
        _ message: RawSpan, _ outline: inout AnswerOutline, _ offset: inout Int, from start: Int,
        time: UInt32
    ) {
        let end = offset
        let count = ttls.count
        let lowest = lowestTTL
        for _ in 0..<outline.additionalCount {
            guard let record = take(message, &offset, from: start, time: time),
                isInChain(record.start, message) || isTarget(record.start, message)
            else {
                outline.additionalCount = 0
                offset = end
                ttls.truncate(to: count)
                lowestTTL = lowest
                return
            }
        }
    }

    private mutating func isTarget(_ owner: Int, _ message: RawSpan) -> Bool {
        for place in 0..<targetCount where isEqual(owner, targets[place], message) { return true }
        return false
    }

    private func finalTTL(isNegative: Bool, _ settings: CacheSettings) -> UInt32? {
        guard isNegative else { return lowestTTL }
        // Without SOA nobody says for how long there is nothing (RFC 2308 section 5).
        return negativeTTL.map { min($0, lowestTTL, settings.maximumNegativeTTL) }
    }
}
