internal import Collections
internal import DNSWire

// Looking through what is in memory for what should not be there any more.
extension MessageCache {
    /// Forgets some of the answers that `isUnwanted` says so of, and counts them; false after the
    /// last one.
    ///
    /// Each call goes on from `cursor`, which moves on. Meanwhile answers come and go, but none
    /// that was there at the beginning is missed.
    public func forget(
        from cursor: inout CacheCursor, count: inout Int, now: UInt32,
        where isUnwanted: (EntryCopy) -> Bool
    ) -> Bool {
        guard cursor.shard < partCount else { return false }
        let place = cursor.place
        // What moves up into a gap moves by less than that.
        let start = max(place - CacheLimits.probes, 0)
        let (entries, next) = withPart(cursor.shard) { shard in
            shard.copies(from: start, to: place + CacheLimits.copiesAtOnce, now: now)
        }
        var hasForgotten = false
        for entry in entries where isUnwanted(entry) && forget(entry) {
            count += 1
            hasForgotten = true
        }
        // Others may have moved up into the gaps, so the same places are looked at again.
        guard !hasForgotten else { return true }
        cursor.place = next ?? 0
        if next == nil { cursor.shard += 1 }
        return true
    }

    /// Forgets what is kept for the question of `entry`; false when that is nothing any more.
    private func forget(_ entry: EntryCopy) -> Bool {
        let message = entry.message.span.octets
        guard let asked = try? Question(message) else { return false }
        let question = message.extracting(Question.offset..<asked.end)
        let key = hash.key(
            question, dnssecOK: entry.dnssecOK, checkingDisabled: entry.checkingDisabled,
            route: entry.route)
        return withShard(of: key) { $0.remove(key, question) }
    }
}
