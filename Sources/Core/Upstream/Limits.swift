public import NetAddress

/// The bounds of the upstream side, each with its reason.
public enum Limits {
    /// Servers configured at once, all groups together.
    public static let upstreams = 32
    /// Groups of servers: there is no use for more of them than of servers, and of one more for
    /// those that know where the others are.
    public static let groups = upstreams + 1
    /// Places for servers.
    ///
    /// As many again as are configured, for those that a reload removed and that still owe
    /// answers. An exchange remembers in 64 bits which ones it has asked.
    static let upstreamPlaces = upstreams * 2
    /// Addresses of one upstream; large resolvers have two of each family.
    public static let addresses = 8
    /// Connections to one upstream that take queries: one in use and one that takes over when it
    /// retires.
    static let connectionsPerUpstream = 2
    /// Connections in all, which bounds descriptors and buffers of a worker.
    public static let connections = upstreams * connectionsPerUpstream
    /// Entries of one connection's in-flight table, a power of two.
    ///
    /// More than a worker has exchanges would be waste, and 4,096 queries of 20 ms each are
    /// 200,000 queries a second.
    static let inFlight = 4096
    /// Queries under way to one server over UDP, each with a socket of its own.
    static let datagramsInFlight = 256
    /// Places looked at for a free entry before a connection counts as full.
    static let inFlightProbes = 128
    /// Ids given out before a connection retires: none is ever used twice, so a late answer
    /// cannot be taken for another query's (RFC 5452 section 9.1).
    static let idsPerConnection: UInt32 = 65_000
    /// Answers that never came, after which a connection retires: they hold table entries.
    static let abandonedPerConnection = 1024
    /// Messages nobody asked for, with no good answer among them, that close a connection.
    static let unsolicitedPerConnection = 100

    /// Octets of a failure's explanation in an answer, which with the longest question still fits
    /// into 512.
    static let explanationByteCount = 180

    /// TCP and TLS together; a server that takes longer is as good as dead.
    static let handshakeDeadline = Interval.seconds(2)
    /// A handshake that takes longer than this makes queries go elsewhere meanwhile, and the
    /// next address be tried as well (RFC 8305 section 5).
    static let handshakePatience = Interval.milliseconds(250)
    /// A connection that owes answers and is quiet for this long, or for `silenceFactor` round
    /// trips, is suspect; after as long again it is dead.
    static let silence = Interval.seconds(1)
    static let silenceFactor: UInt64 = 4
    /// However slow an upstream is, its queries move while their clients still wait.
    static let longestSilence = Interval.seconds(3)
    /// A slow answer is waited for at least this long before another upstream is asked as well.
    static let shortestPatience = Interval.milliseconds(50)
    static let longestPatience = Interval.seconds(1)
    /// The patience with an upstream of which nothing is known yet.
    static let firstPatience = Interval.milliseconds(250)
    /// The pause after another address could not be connected to for a late answer.
    static let otherAddressPause = Interval.seconds(5)
    /// A late answer counts as much as so many in time, so one in four is still allowed.
    static let latenessOfOne: UInt8 = 3
    /// Others are preferred from here on: after six late answers in a row, fewer than may be asked
    /// twice at once; three in time end that.
    static let latenessAllowed: UInt8 = 16
    static let latenessKept: UInt8 = 18
    /// A server that closed so many connections in a row at once after one answer, or none, is left
    /// to others while there are any: each of its answers costs both sides a handshake.
    static let briefConnections: UInt8 = 3
    /// What a connection that was worth its handshake has at least carried.
    static let answersOfConnection: UInt32 = 2
    /// A silent upstream is waited for so long after its first failure, and then no more.
    static let doubt = Interval.seconds(2)
    /// A failure says something about the next query for this long.
    static let knowledge = Interval.seconds(6)
    /// A connection that is only probed is replaced when nothing was heard on it for this long.
    static let probationSilence = Interval.seconds(5)
    /// Connections that are being made to an upstream that did not react, one after the other:
    /// as many as fit into `handshakeDeadline` at the pace of probes.
    static let attempts = 5
    /// How long a datagram is waited for before it is sent again: 1 s, twice as long after two.
    public static let resendInterval = Interval.seconds(1)
    /// How much sooner than the server a connection is closed that idles.
    static let idleMargin = Interval.milliseconds(500)
    static let shortestIdle = Interval.seconds(1)
    /// Idle connections are closed before the large public resolvers do it (8 to 11 s).
    static let idleTimeout = Interval.seconds(8)
    /// The pause before a connection that is kept open is made again after a close.
    static let warmPause = Interval.seconds(1)
    /// A down upstream is probed only while somebody has asked within this time.
    static let probeInterest = Interval.seconds(60)
}
