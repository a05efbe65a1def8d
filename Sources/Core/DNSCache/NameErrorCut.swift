internal import Collections
internal import DNSWire

/// Makes an NXDOMAIN speak for the names below as well (RFC 8020).
///
/// Kept is the SOA record alone, with its names written out, so that it reads the same behind any
/// question.
struct NameErrorCut: ~Copyable {
    /// Owner, fixed fields, two names and five numbers.
    private static let recordBound = 3 * Name.maximumByteCount + 10 + 20

    private var record = ByteSlab(count: 1, slotSize: recordBound)
    private var length = 0
    var ttls = TTLOffsets()

    /// The SOA record that was taken last.
    @_lifetime(borrow self)
    func octets() -> RawSpan { record.span(0, length: length) }

    /// Takes the SOA record of a checked answer to a name that does not exist.
    ///
    /// False when there is none, or when the name that does not exist is that of an alias and
    /// not the one asked for.
    mutating func take(_ response: Response, of message: RawSpan) -> Bool {
        guard response.answerCount == 0, response.question.recordClass == .internet else {
            return false
        }
        var offset = response.question.end
        for _ in 0..<response.authorityCount {
            guard let soa = try? ResourceRecord(message, at: offset) else { return false }
            if soa.type == .soa { return write(soa, of: message) }
            offset = soa.data.upperBound
        }
        return false
    }

    private mutating func write(_ soa: ResourceRecord, of message: RawSpan) -> Bool {
        guard let numbers = try? Self.numbers(of: soa, in: message) else { return false }
        var target = record.mutableSpan(0)
        var end = Self.writeName(message, at: soa.start, to: &target, from: 0)
        let ttl = end + 4
        target.copy(message, soa.fields..<(soa.fields + 8), to: end)
        let data = end + 10
        end = Self.writeName(message, at: soa.data.lowerBound, to: &target, from: data)
        end = Self.writeName(message, at: numbers.secondName, to: &target, from: end)
        target.copy(message, numbers.start..<soa.data.upperBound, to: end)
        end += soa.data.upperBound - numbers.start
        target.setUInt16(UInt16(end - data), at: data - 2)
        length = end
        ttls.removeAll()
        return ttls.append(ttl)
    }

    private static func numbers(
        of soa: ResourceRecord, in message: RawSpan
    ) throws(WireError) -> (secondName: Int, start: Int) {
        let second = try Name.end(in: message, from: soa.data.lowerBound)
        return (second, try Name.end(in: message, from: second))
    }

    /// Writes a checked name without pointers, folded as it came, and gives where it ends.
    private static func writeName(
        _ message: RawSpan, at name: Int, to target: inout MutableRawSpan, from start: Int
    ) -> Int {
        var cursor = LabelCursor(at: name)
        var end = start
        while let label = cursor.next(in: message) {
            target.setOctet(UInt8(truncatingIfNeeded: label.count), at: end)
            target.copy(message, label, to: end + 1)
            end += 1 + label.count
        }
        target.setOctet(0, at: end)
        return end + 1
    }
}

extension MessageCache {
    /// Answers that a name does not exist because one above it does not.
    func answerFromCut(
        _ question: RawSpan, _ spelled: RawSpan, route: UInt8, as reply: Reply, now: UInt32,
        into target: inout MutableRawSpan
    ) -> CacheAnswer {
        let end = question.byteCount - 4
        guard end > 0, question.uint16(at: end + 2) == RecordClass.internet.rawValue else {
            return .miss
        }
        var offset = 0
        for _ in 0...CacheLimits.cutAncestors {
            let label = Int(question.octet(at: offset))
            guard label > 0, label < 64, offset + 1 + label < end else { break }
            let name = question.extracting(offset..<end)
            let found = answerFromCut(
                hash.cutKey(name, route: route), name: name, spelled: spelled, as: reply, now: now,
                into: &target)
            if found != .miss { return found }
            offset += 1 + label
        }
        return .miss
    }
}
