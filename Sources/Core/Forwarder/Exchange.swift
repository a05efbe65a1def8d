internal import Collections
internal import DNSWire
internal import NetAddress
internal import Upstream

/// One asking of an upstream: the connection and the id there.
struct Attempt: BitwiseCopyable {
    let connection: ConnectionID
    let upstream: Int
    let messageID: UInt16
}

/// A question on its way, and who waits for it.
struct Exchange: BitwiseCopyable {
    /// Octets of the folded question in the forwarder's slab.
    let questionLength: Int
    /// RD, AD and CD as sent upstream.
    let flags: Flags
    let dnssecOK: Bool
    let deadline: Instant
    /// The first of the queries that wait, from which the others are found.
    let firstQuery: QueryID
    var lastQuery: QueryID
    /// Queries that wait or whose answer is still to be written.
    var queryCount = 1
    /// The askings whose answer may still come: the first one and a hedge.
    var first: Attempt?
    var second: Attempt?
    /// Upstreams not to be asked again for this.
    var tried = UpstreamSet()
    var sends: UInt8 = 0
    /// An upstream's answer of the kind that another upstream might know better.
    var heldCode: ResponseCode?
    /// Whether its outcome is known and only the answers are still to be written.
    var isFinished = false

    init(
        questionLength: Int, flags: Flags, dnssecOK: Bool, deadline: Instant, query: QueryID
    ) {
        firstQuery = query
        lastQuery = query
        self.questionLength = questionLength
        self.flags = flags
        self.dnssecOK = dnssecOK
        self.deadline = deadline
    }

    var isBeingAsked: Bool { first != nil || second != nil }

    /// Forgets the asking on `connection` and gives its upstream.
    mutating func removeAttempt(on connection: ConnectionID) {
        if second?.connection == connection {
            second = nil
        } else if first?.connection == connection {
            first = second
            second = nil
        }
    }
}
