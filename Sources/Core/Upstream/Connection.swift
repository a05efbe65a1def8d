public import Collections
internal import NetAddress

/// One connection to an upstream, as data.
///
/// All that goes over UDP to one server counts as one connection, which is up at once.
struct Connection: BitwiseCopyable {
    enum Phase: UInt8, BitwiseCopyable {
        /// TCP or TLS is not up yet; queries wait.
        case connecting
        case ready
    }

    var phase = Phase.connecting
    /// Whether it takes no new queries and is closed when the last answer has come.
    var isRetired = false
    let upstream: Int
    let carrier: Carrier
    let ids: MessageIDPermutation
    /// When it began to connect, its address known.
    var openedAt: Instant
    /// When the first address of its upstream began to be tried, this one being a later one.
    var contactedAt: Instant
    /// Whether it is one more attempt at its upstream, beside the one that queries wait on.
    var isContestant = false
    var lastActivity: Instant
    /// When something was last heard, or the first query sent since; `nil` while nothing is owed.
    var quietSince: Instant?
    /// Whether it has been quiet for so long that its queries have moved.
    var isSuspect = false
    /// Whether it has been quiet for so long on probation that its queries have moved.
    var isLeft = false
    /// Positions given out so far.
    var nextPosition: UInt32 = 0
    /// Exchanges that wait for an answer from here.
    var waiting = 0
    /// Positions whose answer nobody waits for any more and that has not come; of datagrams, those
    /// since the last answer.
    var abandoned = 0
    var unsolicited = 0
    var answers: UInt32 = 0
    var idleTimeout = Limits.idleTimeout
    /// Whether the server has been asked how long it lets connections idle.
    var hasAskedKeepalive = false

    init(upstream: Int, carrier: Carrier = .tls, key: UInt64, now: Instant) {
        self.upstream = upstream
        self.carrier = carrier
        phase = carrier == .datagram ? .ready : .connecting
        ids = MessageIDPermutation(key: key)
        openedAt = now
        contactedAt = now
        lastActivity = now
    }

    /// Whether it may be given another query.
    var isWorn: Bool {
        nextPosition >= Limits.idsPerConnection || abandoned >= Limits.abandonedPerConnection
    }
}

/// A connection, by its place in the pool and its holder there.
public typealias ConnectionID = SlotID
