internal import Collections
internal import DNSWire

// Writing.
extension CacheShard {
    mutating func write(
        _ entry: borrowing NewEntry, _ ttls: borrowing TTLOffsets, at start: Int, size: Int,
        now: UInt32, epoch: UInt16
    ) {
        var memory = mutableOctets()
        Self.write(entry, ttls, to: &memory, at: start, size: size, now: now, epoch: epoch)
    }

    private static func write(
        _ entry: borrowing NewEntry, _ ttls: borrowing TTLOffsets,
        to memory: inout MutableRawSpan, at start: Int, size: Int, now: UInt32, epoch: UInt16
    ) {
        typealias Field = EntryLayout.Field
        let outline = entry.outline
        let state: EntryLayout.State =
            entry.isFailure ? .failure : entry.isCut ? .cut : []
        memory.setUInt16(UInt16(size / EntryLayout.alignment), at: start + Field.units)
        memory.setOctet(state.rawValue, at: start + Field.state)
        memory.setOctet(entry.frequency, at: start + Field.frequency)
        memory.setUInt32(tag(entry.key), at: start + Field.tag)
        memory.setUInt32(now, at: start + Field.storedAt)
        memory.setUInt32(entry.ttl, at: start + Field.ttl)
        memory.setUInt16(outline.flags.with(outline.code).rawValue, at: start + Field.flags)
        memory.setUInt16(UInt16(entry.question.byteCount), at: start + Field.questionLength)
        memory.setOctet(entry.key.bits, at: start + Field.bits)
        memory.setOctet(entry.key.route, at: start + Field.route)
        memory.setUInt16(outline.answerCount, at: start + Field.answerCount)
        memory.setUInt16(outline.authorityCount, at: start + Field.authorityCount)
        memory.setUInt16(outline.additionalCount, at: start + Field.additionalCount)
        memory.setUInt16(UInt16(ttls.count), at: start + Field.ttlCount)
        memory.setUInt16(UInt16(entry.records.byteCount), at: start + Field.recordsLength)
        memory.setUInt16(UInt16(entry.extendedError.byteCount), at: start + Field.errorLength)
        memory.setUInt16(epoch, at: start + Field.epoch)
        var offset = start + EntryLayout.headerSize
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
