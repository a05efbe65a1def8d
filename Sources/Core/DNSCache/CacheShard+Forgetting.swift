internal import DNSWire

// Forgetting by name: there is no index of names, so all places are looked at, some at a time.
extension CacheShard {
    /// Forgets what is said of `name` by the entries from `place` on; gives where to go on, `nil`
    /// after the last place.
    ///
    /// Between two calls others may remove entries, and then those behind move up, but never past
    /// the place that their tag asks for: so each call begins again so much before.
    mutating func forget(
        _ name: RawSpan, subtree: Bool, from place: Int, count: inout Int
    ) -> Int? {
        var current = max(place - CacheLimits.probes, 0)
        let end = min(place + CacheLimits.slotsAtOnce, index.placesInUse)
        while current < end {
            guard let location = index.entered(at: current) else {
                current += 1
                continue
            }
            let header = location.entry.header(octets())
            guard isAbout(name, subtree: subtree, location.entry, header) else {
                current += 1
                continue
            }
            // What moves up into the gap is looked at next.
            kill(location, header.tag)
            count += 1
        }
        return end < index.placesInUse ? end : nil
    }

    /// Whether an entry says something of `name`, or with `subtree` of a name below it.
    private func isAbout(
        _ name: RawSpan, subtree: Bool, _ entry: EntryLayout, _ header: EntryHeader
    ) -> Bool {
        let memory = octets()
        let question = entry.question(header)
        let isCut = header.state.contains(.cut)
        let fields = isCut ? 0 : 4
        let own = memory.extracting(question.lowerBound..<(question.upperBound - fields))
        if own.byteCount == name.byteCount { return own.holds(name, at: 0) }
        if own.byteCount > name.byteCount {
            return subtree && Self.isBelow(own, name)
        }
        // That there is nothing at a name is also said of the names below it.
        return isCut && Self.isBelow(name, own)
    }

    /// Whether one plain name is below another, which is shorter.
    private static func isBelow(_ name: RawSpan, _ ancestor: RawSpan) -> Bool {
        let start = name.byteCount - ancestor.byteCount
        guard name.holds(ancestor, at: start) else { return false }
        var offset = 0
        while offset < start { offset += 1 + Int(name.octet(at: offset)) }
        return offset == start
    }
}
