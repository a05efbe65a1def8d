internal import DNSWire

/// How an entry stands at a time.
struct FoundEntry: BitwiseCopyable {
    let entry: EntryLayout
    let header: EntryHeader
    let age: UInt32

    @inline(__always)
    init(_ entry: EntryLayout, _ memory: RawSpan, now: UInt32) {
        self.entry = entry
        header = entry.header(memory)
        age = header.age(now)
    }

    @inline(__always)
    var isFailure: Bool { header.state.contains(.failure) }

    @inline(__always)
    var hasTimeLeft: Bool { age < header.ttl }

    /// Whether it is a failure from before an upstream came back.
    @inline(__always)
    func isVoid(_ epoch: UInt16) -> Bool { isFailure && header.epoch != epoch }

    @inline(__always)
    func isFresh(_ epoch: UInt16) -> Bool { hasTimeLeft && !isVoid(epoch) }

    /// Whether it may be given although it has expired, which a failure may not.
    func isStale(within seconds: UInt32) -> Bool {
        !isFailure && age - min(header.ttl, age) < seconds
    }

    /// Whether a fresh answer ends soon, was asked for before, and is not being fetched already.
    @inline(__always)
    var isDue: Bool {
        header.frequency > 0 && header.ttl &- age <= header.ttl / 10
            && header.state.isDisjoint(with: [.refreshing, .failure])
    }

    /// Whether the answer can be written as the client would take it, in so many octets.
    ///
    /// One that is longer than the client takes fits: it becomes short.
    @inline(__always)
    func fits(_ question: RawSpan, _ reply: Reply, _ room: Int) -> Bool {
        guard room < reply.sizeLimit else { return true }
        let records = Header.byteCount &+ question.byteCount &+ Int(header.recordsLength)
        return records &+ Reply.minimumCapacity <= room
            || records > reply.sizeLimit && room >= Reply.minimumCapacity
    }
}
