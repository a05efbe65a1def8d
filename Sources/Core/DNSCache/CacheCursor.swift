internal import DNSWire

/// A place among all answers in memory, for looking at them some at a time.
public struct CacheCursor: Sendable {
    var shard = 0
    var place = 0

    public init() {}
}

/// A copy of an answer in memory.
public struct EntryCopy: Sendable {
    public let summary: EntrySummary
    public let code: UInt16
    /// Whether DO and CD were set in the query.
    public let dnssecOK: Bool
    public let checkingDisabled: Bool
    /// Along which route it came.
    public let route: UInt8
    /// A whole message; TTLs are as they were when it came.
    public let message: [UInt8]
}

extension MessageCache {
    /// Copies of answers from `cursor` on, which moves on; `nil` after the last one.
    ///
    /// An entry may be missed or seen twice while others come and go.
    public func entries(from cursor: inout CacheCursor, now: UInt32) -> [EntryCopy]? {
        guard cursor.shard < partCount else { return nil }
        let place = cursor.place
        let (entries, next) = withPart(cursor.shard) { shard in
            shard.copies(from: place, to: place + CacheLimits.copiesAtOnce, now: now)
        }
        cursor.place = next ?? 0
        if next == nil { cursor.shard += 1 }
        return entries
    }
}

extension CacheShard {
    /// Copies of the entries at places below `limit`, and the place to go on from; `nil` after the
    /// last.
    func copies(
        from place: Int, to limit: Int, now: UInt32
    ) -> (entries: [EntryCopy], next: Int?) {
        let end = min(limit, index.placesInUse)
        var entries: [EntryCopy] = []
        // After a flush there are fewer places than there were.
        for current in min(place, end)..<end {
            guard let entry = index.entered(at: current)?.entry else { continue }
            let header = entry.header(octets())
            // What speaks for other names, and what only stands beside an answer, is left out.
            guard header.bits < CacheKey.cutBit else { continue }
            entries.append(copy(entry, header, now: now))
        }
        return (entries, end < index.placesInUse ? end : nil)
    }

    private func copy(_ entry: EntryLayout, _ header: EntryHeader, now: UInt32) -> EntryCopy {
        let memory = octets()
        let outline = header.outline
        var message: [UInt8] = [0, 0]
        for number in [
            outline.flags.with(outline.code).rawValue, 1, outline.answerCount,
            outline.authorityCount, outline.additionalCount,
        ] {
            message += [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        }
        for range in [entry.question(header), entry.parts(header).records] {
            for place in range { message.append(memory.octet(at: place)) }
        }
        return EntryCopy(
            summary: EntrySummary(header, now: now), code: outline.code.rawValue,
            dnssecOK: header.bits & 1 != 0, checkingDisabled: header.bits & 2 != 0,
            route: header.route, message: message)
    }
}
