internal import DNSWire

/// One entry in a ring, as places in its memory.
///
/// A fixed part, the folded question, the offsets of the TTLs in the records, the records, and an
/// extended DNS error option if there was one; rounded up to eight octets. A filler has no more
/// than its state and, where an entry has its tag, its size.
struct EntryLayout: BitwiseCopyable {
    static let alignment = 8

    enum Field {
        static let state = 0
        static let frequency = 1
        static let tag = 4
    }

    /// Where the entry begins in its ring.
    let start: Int

    static func size(question: Int, ttls: Int, records: Int, error: Int) -> Int {
        let size = EntryHeader.byteCount &+ question &+ 2 &* ttls &+ records &+ error
        return (size &+ alignment &- 1) & ~(alignment &- 1)
    }

    /// The fixed part, which a filler does not have.
    @inline(__always)
    func header(_ memory: RawSpan) -> EntryHeader {
        // Any bit pattern is a header, which is whole numbers throughout; the call checks the
        // place.
        unsafe memory.unsafeLoadUnaligned(fromByteOffset: start, as: EntryHeader.self)
    }

    func write(_ header: EntryHeader, to memory: inout MutableRawSpan) {
        memory.storeBytes(of: header, toByteOffset: start, as: EntryHeader.self)
    }

    func writeFiller(size: Int, to memory: inout MutableRawSpan) {
        memory.setOctet(State.filler.rawValue, at: start + Field.state)
        memory.setUInt32(UInt32(size), at: start + Field.tag)
    }

    @inline(__always)
    func question(_ header: EntryHeader) -> Range<Int> {
        let begin = start &+ EntryHeader.byteCount
        return begin..<(begin &+ header.questionLength)
    }

    /// Where the parts after the question are, found in one go.
    struct Parts {
        let ttlOffsets: Range<Int>
        let records: Range<Int>
        let extendedError: Range<Int>
    }

    @inline(__always)
    func parts(_ header: EntryHeader) -> Parts {
        let ttls = start &+ EntryHeader.byteCount &+ header.questionLength
        let records = ttls &+ 2 &* header.ttlCount
        let error = records &+ Int(header.recordsLength)
        let end = error &+ Int(header.errorLength)
        return Parts(
            ttlOffsets: ttls..<records, records: records..<error, extendedError: error..<end)
    }

    func size(_ memory: RawSpan) -> Int {
        guard !state(memory).contains(.filler) else {
            return Int(memory.uint32(at: start + Field.tag))
        }
        let header = header(memory)
        return Self.size(
            question: header.questionLength, ttls: header.ttlCount,
            records: Int(header.recordsLength), error: Int(header.errorLength))
    }

    /// Whether it is an entry, and not replaced.
    func isLive(_ memory: RawSpan) -> Bool {
        state(memory).isDisjoint(with: [.filler, .dead])
    }

    func state(_ memory: RawSpan) -> State {
        State(rawValue: memory.octet(at: start &+ Field.state))
    }
}

extension EntryLayout {
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
}
