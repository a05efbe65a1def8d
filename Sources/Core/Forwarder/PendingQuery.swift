internal import Collections
internal import DNSWire

/// A client's query that waits for its exchange.
struct PendingQuery: BitwiseCopyable {
    var exchange: ExchangeID
    /// The next query that waits for the same exchange.
    var next = QueryID.none
    let id: UInt16
    let flags: Flags
    let spelling: SpellingMask
    let hasEDNS: Bool
    let dnssecOK: Bool
    /// Whether to tell the idle timeout (a TCP client asked).
    let wantsKeepalive: Bool
    let sizeLimit: UInt16
    var outcome = Outcome.waiting

    enum Outcome: BitwiseCopyable {
        case waiting
        /// The message at hand is the answer.
        case answer
        /// There is none; `upstream` is the one to blame, if any.
        case failure(code: ResponseCode, reason: ExtendedErrorCode, upstream: Int?)
        /// There was none in time; `upstream` is the one that was asked first.
        case expired(code: ResponseCode, upstream: Int?)
    }
}
