internal import DNSWire
internal import NetAddress

extension LocalNameTable {
    /// Writes what `found` has to say about `type`; `nil` when that is somebody else's business.
    static func answer(
        _ found: Finding, _ type: RecordType, in octets: RawSpan, question: RawSpan,
        as reply: Reply, into target: inout MutableRawSpan
    ) -> Int? {
        if let node = found.node, node.hasRecords, node.coversAllTypes || isAboutAddresses(type) {
            if let set = records(of: type, in: node.sets, of: octets) {
                return reply.write(
                    outline(.noError, answers: set.count), records: octets.extracting(set.range),
                    extendedError: RawSpan(), question: question, into: &target)
            }
            let zoneStart = found.zone == .empty ? found.zoneStart : 0
            return writeNegative(
                .noError, zoneStart, timeToLive, question, as: reply, into: &target)
        }
        switch found.zone {
        case .none, .forwarded: return nil
        case .loopback: return writeLoopback(found, type, question, as: reply, into: &target)
        case .empty: return writeEmpty(found, type, question, as: reply, into: &target)
        }
    }

    /// The types that lead to addresses: what is overridden for one is so for all (RFC 9460).
    private static func isAboutAddresses(_ type: RecordType) -> Bool {
        switch type {
        case .a, .aaaa, .https, .svcb, .any: true
        default: false
        }
    }

    /// The records of `type` among `sets`: all of them for ANY, and an alias for what else is not
    /// there.
    private static func records(
        of type: RecordType, in sets: Range<Int>, of octets: RawSpan
    ) -> (count: UInt16, range: Range<Int>)? {
        var offset = sets.lowerBound
        while sets.upperBound &- offset >= 6 {
            let setType = RecordType(rawValue: octets.uint16(at: offset))
            let start = offset &+ 6
            offset = start &+ Int(octets.uint16(at: offset &+ 4))
            if setType == type || setType == RecordSets.otherwise {
                return (octets.uint16(at: start &- 4), start..<offset)
            }
        }
        return nil
    }

    private static func outline(
        _ code: ResponseCode, answers: UInt16, authority: UInt16 = 0
    )
        -> AnswerOutline
    {
        AnswerOutline(
            flags: [.response, .authoritative, .recursionAvailable], code: code,
            answerCount: answers, authorityCount: authority, additionalCount: 0)
    }

    private static func writeLoopback(
        _ found: Finding, _ type: RecordType, _ question: RawSpan, as reply: Reply,
        into target: inout MutableRawSpan
    ) -> Int {
        var record = RecordScratch()
        switch type {
        case .a:
            record.begin(.a, owner: 0, timeToLive: SpecialNames.timeToLive)
            record.append(0x7f00_0001 as UInt32)
        case .aaaa:
            record.begin(.aaaa, owner: 0, timeToLive: SpecialNames.timeToLive)
            for word in 0..<4 { record.append(word == 3 ? 1 : 0 as UInt32) }
        default:
            return writeNegative(
                .noError, found.zoneStart, SpecialNames.timeToLive, question, as: reply,
                into: &target)
        }
        record.end()
        return write(outline(.noError, answers: 1), record, question, as: reply, into: &target)
    }

    /// A zone of which there is nothing but its beginning (RFC 6303 section 3).
    private static func writeEmpty(
        _ found: Finding, _ type: RecordType, _ question: RawSpan, as reply: Reply,
        into target: inout MutableRawSpan
    ) -> Int? {
        guard found.node != nil else {
            return writeNegative(
                .nameError, found.zoneStart, SpecialNames.timeToLive, question, as: reply,
                into: &target)
        }
        var record = RecordScratch()
        if found.zoneStart == 0 {
            switch type {
            case .ds where found.node?.isDelegated == true: return nil
            case .soa: record.addStartOfAuthority(of: 0, timeToLive: SpecialNames.timeToLive)
            case .ns:
                record.begin(.ns, owner: 0, timeToLive: SpecialNames.timeToLive)
                record.append(RecordScratch.pointer(to: 0))
                record.end()
            default: break
            }
        }
        guard record.count > 0 else {
            return writeNegative(
                .noError, found.zoneStart, SpecialNames.timeToLive, question, as: reply,
                into: &target)
        }
        return write(outline(.noError, answers: 1), record, question, as: reply, into: &target)
    }

    /// Writes that there is nothing, with the start of authority that says for how long.
    static func writeNegative(
        _ code: ResponseCode, _ zoneStart: Int, _ timeToLive: UInt32, _ question: RawSpan,
        as reply: Reply, into target: inout MutableRawSpan
    ) -> Int {
        var record = RecordScratch()
        record.addStartOfAuthority(of: zoneStart, timeToLive: timeToLive)
        return write(
            outline(code, answers: 0, authority: 1), record, question, as: reply, into: &target)
    }

    private static func write(
        _ outline: AnswerOutline, _ record: RecordScratch, _ question: RawSpan, as reply: Reply,
        into target: inout MutableRawSpan
    ) -> Int {
        record.withOctets { records in
            reply.write(
                outline, records: records, extendedError: RawSpan(), question: question,
                into: &target)
        }
    }
}
