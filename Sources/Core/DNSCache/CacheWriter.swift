public import DNSWire

/// Puts answers into the shared cache; each worker has one, with what it needs to look them over.
public struct CacheWriter: ~Copyable {
    public let cache: MessageCache
    private var examiner = AnswerExaminer()
    private var cut = NameErrorCut()

    public init(_ cache: MessageCache) {
        self.cache = cache
    }

    /// Keeps a checked answer, if it may be kept; a failure is kept as such.
    ///
    /// `question` is the folded question, `now` is in seconds, `time` the wall clock's.
    public mutating func store(
        _ response: Response, of message: RawSpan, question: RawSpan, key: CacheKey,
        now: UInt32, time: UInt32
    ) {
        switch response.code {
        case .noError, .nameError:
            guard
                let finding = examiner.examine(
                    message, response, settings: cache.settings, time: time)
            else { return }
            let entry = NewEntry(
                key: key, question: question, outline: finding.outline,
                records: message.extracting(finding.records),
                extendedError: Self.extendedError(response, message), ttl: finding.ttl,
                isFailure: false)
            cache.store(entry, ttls: examiner.ttls, now: now)
            if response.code == .nameError {
                storeCut(
                    response, of: message, question: question, route: key.route,
                    ttl: finding.ttl, now: now)
            }
        case .serverFailure, .refused:
            storeFailure(response.outline, question: question, key: key, now: now)
        default: break
        }
    }

    /// Remembers that there is nothing below a name either, if the upstream has validated that or
    /// the operator takes its word.
    private mutating func storeCut(
        _ response: Response, of message: RawSpan, question: RawSpan, route: UInt8, ttl: UInt32,
        now: UInt32
    ) {
        guard response.flags.contains(.authenticData) || cache.settings.cutsWithoutValidation,
            cut.take(response, of: message)
        else { return }
        cut.ttls.maximum = ttl
        let name = question.extracting(0..<(question.byteCount - 4))
        var outline = response.outline
        outline.authorityCount = 1
        outline.additionalCount = 0
        let key = cache.hash.cutKey(name, route: route)
        Self.store(cut, outline, name, key, ttl: ttl, in: cache, now: now)
    }

    private static func store(
        _ cut: borrowing NameErrorCut, _ outline: AnswerOutline, _ name: RawSpan,
        _ key: CacheKey, ttl: UInt32, in cache: MessageCache, now: UInt32
    ) {
        var entry = NewEntry(
            key: key, question: name, outline: outline,
            records: cut.octets(), extendedError: RawSpan(), ttl: ttl, isFailure: false)
        entry.isCut = true
        cache.store(entry, ttls: cut.ttls, now: now)
    }

    /// Remembers for a while that `question` cannot be answered (RFC 9520).
    public mutating func storeFailure(
        _ outline: AnswerOutline, question: RawSpan, key: CacheKey, now: UInt32
    ) {
        var outline = outline
        outline.answerCount = 0
        outline.authorityCount = 0
        outline.additionalCount = 0
        examiner.ttls.removeAll()
        let entry = NewEntry(
            key: key, question: question, outline: outline, records: RawSpan(),
            extendedError: RawSpan(), ttl: cache.nextFailureTTL(key, question, now: now),
            isFailure: true)
        cache.store(entry, ttls: examiner.ttls, now: now)
    }

    @_lifetime(copy message)
    private static func extendedError(_ response: Response, _ message: RawSpan) -> RawSpan {
        guard let edns = response.edns else { return message.extracting(0..<0) }
        return message.extracting(edns.extendedError)
    }
}
