internal import DNSWire

/// One entry in a ring, as places in its memory.
///
/// A fixed part, the folded question, the offsets of the TTLs in the records, the records, and an
/// extended DNS error option if there was one; rounded up to eight octets. Fields are in the order
/// of the machine's network reads and writes, which costs nothing and keeps an image portable.
struct EntryLayout: BitwiseCopyable {
    static let headerSize = 36
    static let alignment = 8

    struct State: OptionSet, BitwiseCopyable {
        let rawValue: UInt8
        /// Only fills the end of the ring.
        static let filler = State(rawValue: 1)
        /// Was replaced by a newer one, or flushed.
        static let dead = State(rawValue: 2)
        /// A failure that is remembered for a while, without records.
        static let failure = State(rawValue: 4)
        /// Is being fetched again ahead of its end.
        static let refreshing = State(rawValue: 8)
        /// Says that nothing exists below its name; holds one SOA record.
        static let cut = State(rawValue: 16)
    }

    enum Field {
        static let units = 0
        static let state = 2
        static let frequency = 3
        static let tag = 4
        static let storedAt = 8
        static let ttl = 12
        static let flags = 16
        static let questionLength = 18
        static let bits = 20
        static let route = 21
        static let answerCount = 22
        static let authorityCount = 24
        static let additionalCount = 26
        static let ttlCount = 28
        static let recordsLength = 30
        static let errorLength = 32
        static let epoch = 34
    }

    /// Where the entry begins in its ring.
    let start: Int

    static func size(question: Int, ttls: Int, records: Int, error: Int) -> Int {
        let size = headerSize + question + 2 * ttls + records + error
        return (size + alignment - 1) / alignment * alignment
    }

    @inline(__always)
    func question(_ memory: RawSpan) -> Range<Int> {
        let begin = start &+ Self.headerSize
        return begin..<(begin &+ Int(memory.uint16(at: start &+ Field.questionLength)))
    }

    /// Where the parts after the question are, found in one go.
    struct Parts {
        let ttlOffsets: Range<Int>
        let records: Range<Int>
        let extendedError: Range<Int>
    }

    @inline(__always)
    func parts(_ memory: RawSpan) -> Parts {
        let ttls = question(memory).upperBound
        let records = ttls &+ 2 &* Int(memory.uint16(at: start &+ Field.ttlCount))
        let error = records &+ recordsLength(memory)
        let end = error &+ Int(memory.uint16(at: start &+ Field.errorLength))
        return Parts(
            ttlOffsets: ttls..<records, records: records..<error, extendedError: error..<end)
    }

    @inline(__always)
    func recordsLength(_ memory: RawSpan) -> Int {
        Int(memory.uint16(at: start &+ Field.recordsLength))
    }

    func size(_ memory: RawSpan) -> Int {
        Int(memory.uint16(at: start &+ Field.units)) &* Self.alignment
    }

    func tag(_ memory: RawSpan) -> UInt32 {
        memory.uint32(at: start &+ Field.tag)
    }

    @inline(__always)
    func frequency(_ memory: RawSpan) -> UInt8 {
        memory.octet(at: start &+ Field.frequency)
    }

    /// Whether it is an entry, and not replaced.
    func isLive(_ memory: RawSpan) -> Bool {
        state(memory).isDisjoint(with: [.filler, .dead])
    }

    @inline(__always)
    func state(_ memory: RawSpan) -> State {
        State(rawValue: memory.octet(at: start &+ Field.state))
    }

    @inline(__always)
    func outline(_ memory: RawSpan) -> AnswerOutline {
        let flags = Flags(rawValue: memory.uint16(at: start &+ Field.flags))
        return AnswerOutline(
            flags: flags, code: ResponseCode(rawValue: UInt16(flags.responseCode)),
            answerCount: memory.uint16(at: start &+ Field.answerCount),
            authorityCount: memory.uint16(at: start &+ Field.authorityCount),
            additionalCount: memory.uint16(at: start &+ Field.additionalCount))
    }

    /// Seconds since it was stored; zero when the clock says otherwise.
    @inline(__always)
    func age(_ memory: RawSpan, now: UInt32) -> UInt32 {
        // It may have been stored before the clock's start, by a process before this one.
        let age = Int32(bitPattern: now &- memory.uint32(at: start &+ Field.storedAt))
        return UInt32(max(age, 0))
    }

    @inline(__always)
    func ttl(_ memory: RawSpan) -> UInt32 {
        memory.uint32(at: start &+ Field.ttl)
    }
}
