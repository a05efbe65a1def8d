internal import Forwarder
internal import Frontend
internal import NetAddress
internal import Policy
internal import Upstream

/// What the supervisor tells a worker.
enum WorkerMessage: Sendable {
    /// Take this configuration from now on: answer with the same number.
    case configure(RuntimeConfiguration, number: UInt64)
    /// Take these rules from now on: answer with the same number.
    case adopt(PolicyRules, number: UInt64)
    /// Show that the loop turns: answer with the same number.
    case ping(UInt64)
    /// Log counters and upstreams.
    case summarize
    /// Say how you stand: answer with the same number.
    case report(UInt64)
    /// Answer a query of our own under this number.
    case ask(UInt64, query: [UInt8])
    /// Addresses or routes have changed.
    case networkChanged
    /// This is where a server is that is known by name.
    case learned(HostAddresses)
    /// Take no more queries and say when the last one is answered.
    case drain
    /// End at once.
    case stop
}

/// What the supervisor is told, by workers and by whoever controls it.
enum SupervisorMessage: Sendable {
    /// Read the configuration again.
    case reload
    /// Forget all answers.
    case flush
    /// Answer what is under way and end.
    case stop
    case started(worker: Int)
    /// The answer to `configure`.
    case configured(worker: Int, UInt64)
    /// The answer to `adopt`.
    case adopted(worker: Int, UInt64)
    case pong(worker: Int, UInt64)
    case status(worker: Int, WorkerStatus)
    /// The answer to `report`.
    case reported(worker: Int, UInt64, WorkerStatus)
    /// The answer to `ask`, and how it came about.
    case answered(UInt64, answer: [UInt8], Provenance)
    case drained(worker: Int)
    /// It has a new connection to an upstream.
    case connected
    /// It has found out where a server is that is known by name, or that nobody knows.
    case found(worker: Int, HostAddresses)
    /// The worker has ended because the system refused something it needs.
    case failed(worker: Int)
    case log(LogEntry)
}

/// How a worker stands.
struct WorkerStatus: Sendable {
    var upstreams: [UpstreamReport] = []
    var counters = Counters()
    var responses: ResponseCounts?
    var frontend: [FrontendCounters] = []
    /// The TLS version of the last connection made.
    var tls: String?
    /// What has become of connections, by server.
    var records: [UpstreamTarget: UpstreamRecord] = [:]
    var transfers = TransferCounts()
    var pendingQueries = 0
    var streamClients = 0
}
