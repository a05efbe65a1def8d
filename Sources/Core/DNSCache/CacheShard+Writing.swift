internal import Collections
internal import DNSWire

// Writing.
extension CacheShard {
    mutating func write(
        _ entry: borrowing NewEntry, _ ttls: borrowing TTLOffsets, at start: Int,
        now: UInt32, epoch: UInt16
    ) {
        var memory = mutableOctets()
        Self.write(entry, ttls, to: &memory, at: start, now: now, epoch: epoch)
    }

    private static func write(
        _ entry: borrowing NewEntry, _ ttls: borrowing TTLOffsets,
        to memory: inout MutableRawSpan, at start: Int, now: UInt32, epoch: UInt16
    ) {
        let header = EntryHeader(entry, tag: tag(entry.key), now: now, epoch: epoch)
        precondition(header.ttlCount == ttls.count, "every record has a TTL")
        EntryLayout(start: start).write(header, to: &memory)
        var offset = start + EntryHeader.byteCount
        memory.copy(entry.question, 0..<entry.question.byteCount, to: offset)
        offset += entry.question.byteCount
        for place in 0..<ttls.count {
            memory.setUInt16(ttls[place], at: offset)
            offset += 2
        }
        memory.copy(entry.records, 0..<entry.records.byteCount, to: offset)
        let records = offset
        for place in 0..<ttls.count {
            let ttl = records + Int(ttls[place])
            memory.setUInt32(ttls.clamped(memory.uint32(at: ttl)), at: ttl)
        }
        offset += entry.records.byteCount
        memory.copy(entry.extendedError, 0..<entry.extendedError.byteCount, to: offset)
    }
}
