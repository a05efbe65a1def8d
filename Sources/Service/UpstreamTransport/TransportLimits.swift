internal import NetAddress

/// The bounds of a connection, each with its reason.
enum TransportLimits {
    /// The most plain text in one TLS record (RFC 8446 section 5.1).
    static let recordSize = 16_384
    /// The longest message with its length, and the record that its end came in.
    static let inputBound = 2 + 65_535 + recordSize
    /// Queries that wait while the server does not read: every one that may be in flight.
    static let outputBound = 4096 * 1024
    /// Memory a connection keeps for answers while nothing waits: dozens of them, or a large one.
    ///
    /// What a record has beyond that waits in the session until there is room.
    static let keptInput = recordSize / 2
    /// The least room to read into; where a message needs more than is kept, memory is added.
    static let leastInput = 2048
    /// Memory it keeps for queries: a record of them, which leaves as soon as it is full.
    static let keptOutput = recordSize
    /// How often one connection is read in one wake-up, so that clients get their turn: 18 KiB
    /// each time, or some 800 records of one octet.
    static let readsPerWakeUp = 4
    /// The longest datagram taken: no server may send one beyond the 1232 octets that it is told.
    static let datagramSize = 4096
    /// Datagrams taken from one socket in one wake-up: one is the answer, the others are noise.
    static let datagramsPerWakeUp = 8
    /// Octets taken from one connection in the clear in one wake-up.
    static let octetsPerWakeUp = 1 << 20
    /// The kernel gives up on a server that acknowledges nothing for this long.
    static let userTimeout = Interval.seconds(5)
    static let keepAliveIdle = Interval.seconds(15)
    static let keepAliveInterval = Interval.seconds(3)
    static let keepAliveProbes: CInt = 3
}
