internal import NetAddress

/// The bounds of the daemon, each with its reason.
enum DaemonLimits {
    /// Messages that may wait for a worker; one that is this far behind is stuck, and the
    /// watchdog's case.
    static let workerMessages = 1024
    /// Messages that may wait for the supervisor: all workers talk to it, and it may be reading
    /// files meanwhile.
    static let supervisorMessages = 16_384

    /// What the heap of a thread begins with: what a worker takes to be ready, and somewhat more.
    static let heapExtent: CInt = 512 * 1024

    /// Workers that sockets of our own are opened for when nobody says how many.
    static let automaticWorkers = 8
    /// What the kernel keeps of a UDP socket's unread queries: those of a moment in which the
    /// worker is busy.
    static let receiveBuffer: CInt = 1 << 20
    /// Connections that wait to be accepted where the sockets are our own.
    static let backlog: CInt = 1024

    /// Zone transfers of a worker at once: each may fill a client's buffer.
    static let transfers = 8
    /// How long a server may leave a transfer without a message.
    static let transferPatience = Interval.seconds(10)
    /// Room for any answer to a query of the supervisor's that is known at once; a longer one
    /// comes by way of a pending query.
    static let ownAnswerSize = 4096

    /// Log entries about one thing within a second, beyond which they are only counted.
    static let logBurst = 10
    /// Servers of which a worker remembers what was logged last: those that are known by name have
    /// new addresses again and again.
    static let loggedStates = 256
    /// Queries that a worker logs in a second: what people ask is less, and the journal takes some
    /// thousands.
    static let queryLogEntriesPerSecond = 100
    /// How often a worker tells figures that grow with each query.
    static let reportPause = Interval.seconds(10)
    /// How long the workers may take to say how they stand; most take microseconds.
    static let censusBound = Interval.milliseconds(500)

    /// The time in which what changes together in the network is gathered.
    static let networkGathering = Interval.milliseconds(100)
    /// Tellings of changes that may follow each other as they come; after that one in each
    /// `networkInterval`.
    static let networkBurst: UInt64 = 10
    static let networkInterval = Interval.seconds(30)
    /// What is no sleep of the machine yet.
    static let nap = Interval.seconds(1)

    /// The time in which what happens to files is gathered: lists are written in many steps.
    static let fileGathering = Interval.milliseconds(100)
    /// How long reading what was kept, or looking through memory, may hold up everything else at a
    /// time.
    static let slice = Interval.milliseconds(10)
    /// Answers that are read between two looks at the clock: some hundred microseconds.
    static let restorationBatch = 256
    /// How long after a start, a reload, a new connection or the loss of an upstream the pages are
    /// let go that only this has needed: whoever waits for its end comes first.
    static let settlingTime = Interval.seconds(2)

    /// How long a worker waits for the last queries.
    static let drainBound = Interval.seconds(2)
    /// How long the supervisor waits for all workers to end, which is longer than their own bound:
    /// whoever has not ended by then is left behind.
    static let endBound = Interval.seconds(4)
}
