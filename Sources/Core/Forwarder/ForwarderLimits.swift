internal import NetAddress

/// The bounds of a worker's forwarder, each with its reason.
public enum ForwarderLimits {
    /// Questions under way at once.
    ///
    /// As many as one connection's in-flight table holds. When all are taken the next query is
    /// answered SERVFAIL at once: the ones under way were first, and none is dropped for it.
    public static let exchanges = 4096
    /// Queries waiting at once: many may wait for one exchange.
    public static let queries = 2 * exchanges
    /// Queries that wait for one exchange; more are answered SERVFAIL at once.
    static let queriesPerExchange: Int = 1024
    /// When clients are given an expired answer while a fresh one is being fetched
    /// (RFC 8767 section 5, the client response timer).
    static let staleAfter = Interval.milliseconds(1800)
    /// Answers fetched ahead of their end: at most one for so many queries, and this many in a row.
    static let queriesPerPrefetch = 10
    static let prefetchCreditBound = 32 * queriesPerPrefetch
    /// Times one exchange is sent, all upstreams and retries together.
    ///
    /// Keeps a misbehaving upstream from being asked without end (CVE-2023-46317).
    static let sends = 4
    /// Times an exchange is sent to the same upstream because its connection ended.
    static let sendsToOneUpstream = 2
    /// Queries that pay for asking one of them twice: a twentieth, and so many at once.
    static let hedgeCost = 20
    static let hedgeCreditBound = 20 * hedgeCost
    /// Given up connections that are remembered for the log; there are no more of them at a time.
    static let aborts = 32

    /// Addresses of one kind taken from an answer: a pool of upstream takes eight of both.
    static let addressesOfFamily = 8
    /// How long addresses hold, whatever their TTL says: less would be asking without end, more
    /// would be missing that a server has moved.
    static let shortestAddressTime = Interval.seconds(30)
    static let longestAddressTime = Interval.seconds(86_400)
    /// How long a name is believed to have no address of one kind.
    static let absentAddressTime = Interval.seconds(300)
    /// The pause after a look-up that failed; it doubles.
    static let firstLookUpPause = Interval.milliseconds(500)
    static let longestLookUpPause = Interval.seconds(60)
}
