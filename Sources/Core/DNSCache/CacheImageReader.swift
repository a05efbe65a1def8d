public import DNSWire

/// Reads an image into a cache, some entries at a time.
///
/// The image is believed in nothing: every entry is examined as if an upstream had just sent it,
/// under the bounds of the cache that it is read into.
public struct CacheImageReader: ~Copyable {
    /// Where the attachment is in the image.
    public let attachment: Range<Int>
    /// Entries in the image.
    public let count: Int
    /// Entries that the cache has taken so far.
    public private(set) var restored = 0

    /// Seconds since 1970 when it was written.
    private let writtenAt: Int64
    private let elapsed: UInt32
    private let end: Int
    private var offset: Int
    private var seen = 0
    private var examiner: AnswerExaminer

    /// Checks the image as a whole; `time` is in seconds since 1970.
    public init(
        _ image: RawSpan, settings: CacheSettings, time: Int64
    ) throws(CacheImageDefect) {
        let attachment = try Self.attachment(of: image)
        let writtenAt = Int64(bitPattern: Self.uint64(image, at: 16))
        elapsed = try Self.elapsed(from: writtenAt, to: time, settings)
        self.attachment = attachment
        self.writtenAt = writtenAt
        end = image.byteCount - CacheImage.trailerSize
        count = Int(image.uint32(at: end + 4))
        offset = CacheImage.padded(attachment.upperBound)
        examiner = AnswerExaminer()
    }

    /// Where the attachment is in an image that has its form and its checksum.
    private static func attachment(of image: RawSpan) throws(CacheImageDefect) -> Range<Int> {
        let least = CacheImage.headerSize + CacheImage.trailerSize
        guard image.byteCount % CacheImage.alignment == 0, image.byteCount >= least,
            image.byteCount <= CacheImage.maximumByteCount
        else { throw .badLength }
        guard image.uint32(at: 0) == CacheImage.magic.0, image.uint32(at: 4) == CacheImage.magic.1
        else { throw .notAnImage }
        guard image.uint32(at: 8) == CacheImage.version else { throw .unknownVersion }
        let body = image.byteCount - 8
        guard CacheImage.checksum(image.extracting(0..<body)) == uint64(image, at: body) else {
            throw .badChecksum
        }
        let length = Int(image.uint32(at: 12))
        guard length <= image.byteCount - least, image.uint32(at: body - 8) == 0 else {
            throw .badLength
        }
        return CacheImage.headerSize..<(CacheImage.headerSize + length)
    }

    /// The seconds that have passed since the image was written.
    private static func elapsed(
        from start: Int64, to end: Int64, _ settings: CacheSettings
    ) throws(CacheImageDefect) -> UInt32 {
        guard start >= 0, start <= end else { throw .fromTheFuture }
        // Beyond that even the longest lived answer has expired for good.
        let bound = Int64(settings.maximumTTL) + Int64(settings.staleSeconds)
        guard end - start <= bound, let elapsed = UInt32(exactly: end - start) else {
            throw .tooOld
        }
        return elapsed
    }

    /// Reads at most `limit` more entries of the same image; whether that was all.
    ///
    /// What `isWanted` denies of an answer and its route is left out. After a defect, what was read
    /// before is not to be trusted either.
    public mutating func read(
        _ image: RawSpan, into cache: MessageCache, now: UInt32, atMost limit: Int,
        where isWanted: (_ message: RawSpan, _ response: Response, _ route: UInt8) -> Bool
    ) throws(CacheImageDefect) -> Bool {
        let last = seen + min(limit, Int.max - seen)
        while seen < last, offset < end {
            guard end - offset >= CacheImage.entryHeaderSize else { throw .badEntry }
            let size = Int(image.uint16(at: offset)) * CacheImage.alignment
            guard size >= CacheImage.entryHeaderSize, size <= end - offset else { throw .badEntry }
            try read(
                entry: image.extracting(offset..<(offset + size)), into: cache, now: now, isWanted)
            offset += size
            seen += 1
        }
        guard offset >= end else { return false }
        guard seen == count else { throw .badEntry }
        return true
    }

    private mutating func read(
        entry: RawSpan, into cache: MessageCache, now: UInt32,
        _ isWanted: (RawSpan, Response, UInt8) -> Bool
    ) throws(CacheImageDefect) {
        typealias Field = CacheImage.Field
        let length = Int(entry.uint32(at: Field.messageLength))
        let errorLength = Int(entry.uint16(at: Field.errorLength))
        let room = entry.byteCount - CacheImage.entryHeaderSize
        let bits = entry.octet(at: Field.bits)
        guard length <= Int(UInt16.max), length + errorLength <= room, bits < 4 else {
            throw .badEntry
        }
        let messageEnd = CacheImage.entryHeaderSize + length
        let message = entry.extracting(CacheImage.entryHeaderSize..<messageEnd)
        let error = entry.extracting(messageEnd..<(messageEnd + errorLength))
        guard Self.isExtendedError(error) else { throw .badEntry }
        let response = try Self.check(message)
        let stored = entry.uint32(at: Field.age)
        let (age, overflow) = stored.addingReportingOverflow(elapsed)
        let route = entry.octet(at: Field.route)
        guard !overflow, cache.isEnabled, isWanted(message, response, route),
            // As of the second in which it was stored: the end of a signature caps its time.
            let finding = examiner.examine(
                message, response, settings: cache.settings,
                time: UInt32(truncatingIfNeeded: writtenAt &- Int64(stored))),
            age < finding.ttl || age - finding.ttl < cache.settings.staleSeconds
        else { return }
        let question = message.extracting(Question.offset..<response.question.end)
        let key = cache.hash.key(
            question, dnssecOK: bits & 1 != 0, checkingDisabled: bits & 2 != 0,
            route: route)
        var new = NewEntry(
            key: key, question: question, outline: finding.outline,
            records: message.extracting(finding.records), extendedError: error,
            ttl: finding.ttl, isFailure: false)
        new.isMain = entry.octet(at: Field.isMain) != 0
        new.frequency = min(entry.octet(at: Field.frequency), CacheLimits.maximumFrequency)
        if cache.restore(new, ttls: examiner.ttls, storedAt: now &- age) { restored += 1 }
    }

    /// Checks a message as one that came over the network is, and that we would have kept it so.
    private static func check(_ message: RawSpan) throws(CacheImageDefect) -> Response {
        guard let question = try? Question(message), isFolded(message, question) else {
            throw .badEntry
        }
        let asked = message.extracting(Question.offset..<question.end)
        guard let response = try? Response(message, answering: asked),
            response.code == .noError || response.code == .nameError, response.edns == nil,
            response.end == message.byteCount
        else { throw .badEntry }
        return response
    }

    private static func isFolded(_ message: RawSpan, _ question: Question) -> Bool {
        let name = Question.offset..<(Question.offset + question.nameLength)
        return name.allSatisfy { !(0x41...0x5a).contains(message.octet(at: $0)) }
    }

    /// Whether this is a whole extended DNS error option (RFC 8914 section 2), or nothing.
    private static func isExtendedError(_ option: RawSpan) -> Bool {
        if option.isEmpty { return true }
        return option.byteCount >= 6 && option.uint16(at: 0) == EDNS.Option.extendedError
            && Int(option.uint16(at: 2)) == option.byteCount - 4
    }

    private static func uint64(_ image: RawSpan, at offset: Int) -> UInt64 {
        UInt64(image.uint32(at: offset)) << 32 | UInt64(image.uint32(at: offset + 4))
    }
}
