internal import Collections
internal import DNSCache
internal import DNSWire
internal import NetAddress

extension Forwarder {
    /// Keeps others from asking at once what has just found no answer (RFC 9520).
    mutating func rememberFailure(of exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard cache.cache.isEnabled, !exchanges[index].isLookUp else { return }
        let outline = AnswerOutline(
            flags: [.response, .recursionAvailable],
            code: exchanges[index].heldCode ?? .serverFailure, answerCount: 0, authorityCount: 0,
            additionalCount: 0)
        Self.storeFailure(
            outline, exchanges[index], index, questions, in: &cache, now: seconds(now))
    }

    /// Apart from `self`, so that reading the question and writing the cache do not overlap.
    private static func storeFailure(
        _ outline: AnswerOutline, _ exchange: Exchange, _ index: Int,
        _ questions: borrowing ByteSlab, in cache: inout CacheWriter, now: UInt32
    ) {
        cache.storeFailure(
            outline, question: questions.span(index, length: exchange.questionLength),
            key: exchange.key, now: now)
    }
}
