internal import Collections
internal import DNSWire

/// A client's query that waits for its exchange.
struct PendingQuery: BitwiseCopyable {
    let exchange: ExchangeID
    /// How the client wants its answer.
    let reply: Reply
    /// How the client spelled the name.
    let spelling: SpellingMask
    /// The next query that waits for the same exchange.
    var next = QueryID.none
    var outcome = Outcome.waiting

    init(exchange: ExchangeID, reply: Reply, spelling: SpellingMask) {
        self.exchange = exchange
        self.reply = reply
        self.spelling = spelling
    }

    enum Outcome: BitwiseCopyable {
        case waiting
        /// The message at hand is the answer.
        case answer
        /// The answer is in memory, but too long for the room there was when the query came.
        case cached
        /// The answer is known here, but too long for the room there was when the query came.
        case local
        /// There was one that is not believed.
        case screened
        /// There was one that leads to a name which is not resolved.
        case filtered
        /// The answer in memory has expired, and there is nothing better.
        case stale
        /// There is none; `upstream` is the one to blame, if any.
        case failure(code: ResponseCode, reason: ExtendedErrorCode, upstream: Int?)
        /// There was none in time; `upstream` is the one that was asked first.
        case expired(code: ResponseCode, upstream: Int?)
    }
}
