internal import Collections
internal import Configuration
internal import DNSCache
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import LinuxIO
internal import NetAddress
internal import Policy
internal import TLS
internal import Upstream
internal import UpstreamTransport

/// One thread: its sockets, its forwarder, its upstream connections.
///
/// Joins the drivers to the forwarder. What the drivers report goes into the forwarder; what the
/// forwarder wants done is done here, outside of any call into it.
final class Worker: QuerySink, UpstreamSink, TimerHandler, WakeUpHandler, IOHandler {
    enum TimerToken {
        static let forwarder = 0
        static let drain = 1
        static let transfers = 2
    }

    let index: Int
    let loop: EventLoop
    let inbox: Mailbox<WorkerMessage>
    let supervisor: Mailbox<SupervisorMessage>
    var forwarder: Forwarder
    private(set) var datagrams: [DatagramFrontend] = []
    private(set) var streams: StreamFrontend?
    private(set) var transport: UpstreamTransport?
    private(set) var plain: PlainTransport?
    private var inboxSource: IOSource?
    private(set) var forwarderTimer: TimerSource?
    private(set) var drainTimer: TimerSource?
    /// What `forwarderTimer` is set to: it is set again only when that would be too late.
    var armedFor = Instant.distantFuture
    /// Where the answer to each pending query goes, by the query's index.
    var origins: FixedArray<QueryOrigin>
    /// Actions that had to wait until the transport was done with its buffer.
    var deferred: [Action] = []
    var transfers = ZoneTransfers()
    private(set) var transferTimer: TimerSource?
    var isDraining = false
    /// Whether each query is logged.
    var logsQueries = false
    var queryLogBudget = QueryLogBudget()
    /// Where queries are told of, if they are; `nil` where they go to the journal.
    private(set) var tap: QueryTap?
    /// When each pending query came, by the query's index; empty while none is told of.
    var arrivals: [QueryTap.Timestamp?] = []
    /// What the wall clock is ahead of the loop's, in microseconds.
    var wallOffset: UInt64 = 0
    var reportedHealthChanges = 0
    var reportedQueries: UInt64 = 0
    var nextReport = Instant(microseconds: 0)
    var lastTLS: String?
    /// When the wall clock was read last, in whole seconds of the loop's time.
    var timeReadAt: UInt32 = .max
    let clock: MachineClock
    /// How long the machine had slept since it booted, when that was looked at last.
    var sleptBefore: Interval
    /// The clock by which dates of certificates may be left aside, if they may.
    private(set) var doubtedClock: MachineClock?
    /// Connections to servers whose dates were left aside.
    var tolerated: [SlotID] = []
    /// What has become of connections; no longer than the list of servers.
    var records: [UpstreamTarget: UpstreamRecord] = [:]
    var loggedStates = LoggedStates()

    /// Prepares a worker; it belongs to the thread that calls `run`, which must be this one.
    init(
        index: Int, configuration: RuntimeConfiguration, sockets: [ListeningSocket],
        cache: MessageCache, tickets: TicketStore, inbox: Mailbox<WorkerMessage>,
        supervisor: Mailbox<SupervisorMessage>
    ) throws(Errno) {
        self.index = index
        self.inbox = inbox
        self.supervisor = supervisor
        loop = try EventLoop()
        clock = configuration.clock
        sleptBefore = configuration.clock.bootTime() - loop.now
        forwarder = Forwarder(
            settings: configuration.forwarderSettings, cache: cache, now: loop.now,
            random: SystemRandomNumberGenerator())
        origins = FixedArray(uninitializedCount: ForwarderLimits.queries)
        let connections = Upstream.Limits.connections + DaemonLimits.transfers
        transport = UpstreamTransport(
            capacity: connections, context: configuration.context,
            tickets: tickets, loop: loop, sink: self)
        plain = PlainTransport(capacity: connections, loop: loop, sink: self)
        forwarder.sleptSeconds = sleptBefore.wholeSeconds
        readClocks()
        configure(configuration)
        inboxSource = try loop.addIO(inbox.descriptor, events: .readable, token: 0, handler: self)
        forwarderTimer = try loop.addTimer(token: TimerToken.forwarder, handler: self)
        drainTimer = try loop.addTimer(token: TimerToken.drain, handler: self)
        transferTimer = try loop.addTimer(token: TimerToken.transfers, handler: self)
        try loop.setWakeUpHandler(self)
        try serve(sockets, configuration)
    }

    /// Serves until the supervisor says stop.
    func run() throws(Errno) {
        supervisor.post(.started(worker: index))
        // What the configuration asks for is done without waiting for a first event.
        wakeUpEnded()
        try loop.run()
    }

    private func serve(
        _ sockets: [ListeningSocket], _ configuration: RuntimeConfiguration
    ) throws(Errno) {
        let listen = configuration.configuration.listen
        let streams = try StreamFrontend(
            maximumClients: listen.tcpClients, maximumQueries: listen.tcpQueriesPerClient,
            idleTimeout: listen.tcpIdleTimeout, loop: loop, sink: self)
        for socket in sockets {
            switch socket.kind {
            case .datagram:
                datagrams.append(
                    try DatagramFrontend(
                        socket: socket, listener: datagrams.count, loop: loop, sink: self))
            case .stream:
                try streams.listen(on: socket)
            }
        }
        self.streams = streams
    }

    func configure(_ configuration: RuntimeConfiguration) {
        transport?.context = configuration.context
        doubtedClock = configuration.configuration.tls.clockGrace ? configuration.clock : nil
        judgeClock()
        streams?.configure(idleTimeout: configuration.configuration.listen.tcpIdleTimeout)
        var settings = configuration.forwarderSettings
        // One finds out for all; the supervisor tells the others.
        settings.looksUpAddresses = index == 0
        forwarder.configure(
            settings, groups: configuration.groups,
            trustGeneration: configuration.trustGeneration, now: loop.now)
        forwarder.adopt(configuration.policy)
        loggedStates = LoggedStates()
        logsQueries = configuration.configuration.log.queryLog != .none
        useTap(configuration.tap)
        let targets = Set(configuration.groups.flatMap(\.targets))
        records = records.filter { targets.contains($0.key) }
    }

    /// Tells of queries there from now on; of those that are pending, nobody knows when they came.
    private func useTap(_ tap: QueryTap?) {
        if self.tap !== tap {
            arrivals = tap == nil ? [] : Array(repeating: nil, count: ForwarderLimits.queries)
        }
        self.tap = tap
    }
}
