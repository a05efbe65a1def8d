internal import NetAddress

/// The bounds of the client side, each with its reason.
enum FrontendLimits {
    /// Datagrams of one system call: enough to hide its cost, few enough to stay in the cache.
    static let batch = 64
    /// Datagrams of a batch after which the socket is looked at once more.
    ///
    /// While so many are answered, more come, and the upstream queries of both leave in one record.
    /// Behind fewer hardly any wait; and with a third look the queries of the first would wait for
    /// longer than it saves.
    static let busyBatch = 8
    /// Batches of one socket in one wake-up, so that TCP and upstreams get their turn.
    static let batchesPerWakeUp = 8
    /// The longest query taken: name, OPT and a generous load of options and padding.
    static let querySize = 2048
    /// The largest UDP answer that can be configured.
    static let datagramReplySize = 4096
    /// The longest TCP frame that is looked at; longer ones are passed over unread.
    static let frameSize = 4096
    /// Octets read from one client in one wake-up.
    static let readSize = 65_536
    /// Frames that were no query, in a row, before the client is closed.
    static let strikes = 3
    /// Connections accepted from one listener in one wake-up.
    static let acceptsPerWakeUp = 64
    /// What the kernel keeps of a client's unread queries.
    static let clientReceiveBuffer: CInt = 65_536
    /// Unsent octets of a client beyond which no more of its queries are taken.
    static let unsentPause = 256 * 1024
    /// Room for one more answer beyond that, and for short ones to queries that are under way;
    /// a client that does not read them is closed.
    static let unsentBound = unsentPause + 65_537 + shortAnswers
    /// Room that large answers leave alone: a short one for each query under way.
    static let shortAnswers = 64 * 1024
    /// Memory for frames that wait that a client keeps while none does: those of a client with more
    /// queries under way than it may have come and go all the time.
    static let keptInput = 16 * 1024
    /// Output memory that a client keeps while it has nothing to send.
    static let keptOutput = 16 * 1024
    /// How long a client may take to send a frame or to take what is sent to it.
    static let patience = Interval.seconds(10)
    /// How long the end waits for the first query of a client that has only just connected.
    static let firstQueryGrace = Interval.milliseconds(300)
    /// How long accepting pauses when descriptors or memory have run out.
    static let acceptPause = Interval.milliseconds(100)
    /// Clients looked at to find an idle one when all places are taken: enough to spare those that
    /// are active, few enough for thousands of new clients in a second.
    static let evictionProbes = 64
}
