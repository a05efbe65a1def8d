internal import Collections
internal import DNSCache
internal import DNSWire
internal import NetAddress
internal import Upstream

/// One asking of an upstream: the connection and the id there.
struct Attempt: BitwiseCopyable {
    let connection: ConnectionID
    let upstream: Int
    let messageID: UInt16
    /// When it was sent, `nil` while its connection is not up yet.
    var sentAt: Instant?
}

/// A question on its way, and who waits for it.
struct Exchange: BitwiseCopyable {
    /// Octets of the folded question in the forwarder's slab.
    let questionLength: Int
    /// RD, AD and CD as sent upstream.
    let flags: Flags
    let dnssecOK: Bool
    /// What its answer is kept under.
    let key: CacheKey
    let startedAt: Instant
    let deadline: Instant
    /// Whether an expired answer is in memory that may be given if no fresh one comes.
    var hasStale = false
    /// Whether waiting clients have been given the expired answer.
    var hasServedStale = false
    /// The queries that wait, oldest first.
    var firstQuery = QueryID.none
    var lastQuery = QueryID.none
    /// Queries that wait or whose answer is still to be written.
    var queryCount = 0
    /// The askings whose answer may still come: the first one and a hedge.
    var first: Attempt?
    var second: Attempt?
    /// When the first asking began, its connection up or not.
    var askedAt: Instant
    /// How its upstreams were chosen from when it began.
    var policy = UpstreamPolicy.ordered
    /// A keyed hash of the domain asked about, by which the `hash` policy chooses.
    var domain: UInt64 = 0
    /// Upstreams not to be asked again for this.
    var tried = UpstreamSet()
    var sends: UInt8 = 0
    /// How many of these were for slowness.
    var hedges: UInt8 = 0
    /// Whether the second asking is one for slowness.
    var isHedged = false
    /// Whose answer came last, and how long it took.
    var answeredBy: UInt8?
    var roundTrip = Interval.zero
    /// How often the datagram of the first asking was sent again.
    var resends: UInt8 = 0
    /// Whether its first upstream has taken longer than usual.
    var isLate = false
    /// An upstream's answer of the kind that another upstream might know better.
    var heldCode: ResponseCode?
    /// Whether it is a question of our own for the address of an upstream.
    var isLookUp = false
    /// Whether its outcome is known and only the answers are still to be written.
    var isFinished = false

    init(
        questionLength: Int, flags: Flags, dnssecOK: Bool, key: CacheKey, startedAt: Instant,
        deadline: Instant
    ) {
        self.questionLength = questionLength
        self.flags = flags
        self.dnssecOK = dnssecOK
        self.key = key
        self.startedAt = startedAt
        askedAt = startedAt
        self.deadline = deadline
    }

    /// The upstreams it may be asked of.
    var group: GroupID { GroupID(key.route) }

    var isBeingAsked: Bool { first != nil || second != nil }

    /// Notes when the query was sent on `connection`.
    mutating func sent(on connection: ConnectionID, now: Instant) {
        if first?.connection == connection { first?.sentAt = now }
        if second?.connection == connection { second?.sentAt = now }
    }

    /// When the query was sent on `connection`.
    func sentAt(on connection: ConnectionID) -> Instant? {
        first?.connection == connection
            ? first?.sentAt : second?.connection == connection ? second?.sentAt : nil
    }

    /// Forgets the asking on `connection` and gives its upstream.
    mutating func removeAttempt(on connection: ConnectionID) {
        if second?.connection == connection {
            second = nil
            isHedged = false
        } else if first?.connection == connection {
            first = second
            second = nil
            isHedged = false
            resends = 0
        }
    }
}
