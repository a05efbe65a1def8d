internal import DNSWire

/// An answer that is to be stored.
struct NewEntry: ~Escapable {
    let key: CacheKey
    let question: RawSpan
    let outline: AnswerOutline
    /// All sections after the question, as far as they are kept.
    let records: RawSpan
    /// A whole EDNS option, or nothing.
    let extendedError: RawSpan
    let ttl: UInt32
    let isFailure: Bool
    /// Whether it speaks for all names below its own.
    var isCut = false
    /// Whether it goes into the large ring at once, as one that was there before a restart.
    var isMain = false
    /// Hits that are remembered of it from before.
    var frequency: UInt8 = 0

    @_lifetime(copy question, copy records, copy extendedError)
    init(
        key: CacheKey, question: RawSpan, outline: AnswerOutline, records: RawSpan,
        extendedError: RawSpan, ttl: UInt32, isFailure: Bool
    ) {
        self.key = key
        self.question = question
        self.outline = outline
        self.records = records
        // A text that is longer than that is for a log, not for a client.
        let keepsError = extendedError.byteCount <= CacheLimits.extendedErrorByteCount
        self.extendedError = keepsError ? extendedError : extendedError.extracting(0..<0)
        self.ttl = ttl
        self.isFailure = isFailure
    }
}
