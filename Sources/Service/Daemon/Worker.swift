internal import Collections
internal import Configuration
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import LinuxIO
internal import NetAddress
internal import TLS
internal import Upstream
internal import UpstreamTransport

/// One thread: its sockets, its forwarder, its upstream connections.
///
/// Joins the drivers to the forwarder. What the drivers report goes into the forwarder; what the
/// forwarder wants done is done here, outside of any call into it.
final class Worker: QuerySink, UpstreamSink, TimerHandler, WakeUpHandler, IOHandler {
    private static let drainBound = Interval.seconds(2)

    let index: Int
    let loop: EventLoop
    private let inbox: Mailbox<WorkerMessage>
    let supervisor: Mailbox<SupervisorMessage>
    var forwarder: Forwarder
    private(set) var datagrams: [DatagramFrontend] = []
    private var streams: StreamFrontend?
    private(set) var transport: UpstreamTransport?
    private var inboxSource: IOSource?
    private var forwarderTimer: TimerSource?
    private var drainTimer: TimerSource?
    /// What `forwarderTimer` is set to: it is set again only when that would be too late.
    private var armedFor = Instant.distantFuture
    /// Where the answer to each pending query goes, by the query's index.
    private var origins: FixedArray<QueryOrigin>
    /// Actions that had to wait until the transport was done with its buffer.
    private var deferred: [Action] = []
    private var isDraining = false
    private var reportedHealthChanges = 0
    var lastTLS: String?
    /// The health that was last logged of each upstream, so that only changes are.
    var loggedFailures: [UpstreamServer: String] = [:]

    /// Prepares a worker; it belongs to the thread that calls `run`, which must be this one.
    init(
        index: Int, configuration: RuntimeConfiguration, sockets: [ListeningSocket],
        tickets: TicketStore, inbox: Mailbox<WorkerMessage>,
        supervisor: Mailbox<SupervisorMessage>
    ) throws(Errno) {
        self.index = index
        self.inbox = inbox
        self.supervisor = supervisor
        loop = try EventLoop()
        forwarder = Forwarder(
            settings: configuration.forwarderSettings, now: loop.now,
            random: SystemRandomNumberGenerator())
        origins = FixedArray(uninitializedCount: ForwarderLimits.queries)
        transport = UpstreamTransport(
            capacity: Upstream.Limits.connections, context: configuration.context,
            tickets: tickets, loop: loop, sink: self)
        configure(configuration)
        inboxSource = try loop.addIO(inbox.descriptor, events: .readable, token: 0, handler: self)
        forwarderTimer = try loop.addTimer(token: 0, handler: self)
        drainTimer = try loop.addTimer(token: 1, handler: self)
        try loop.setWakeUpHandler(self)
        try serve(sockets, configuration)
    }

    /// Serves until the supervisor says stop.
    func run() throws(Errno) {
        supervisor.post(.started(worker: index))
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

    private func configure(_ configuration: RuntimeConfiguration) {
        transport?.context = configuration.context
        streams?.configure(idleTimeout: configuration.configuration.listen.tcpIdleTimeout)
        forwarder.configure(
            configuration.forwarderSettings,
            servers: configuration.configuration.upstream.servers,
            trustGeneration: configuration.trustGeneration, now: loop.now)
        loggedFailures.removeAll()
    }
}

// The way of a query: in from the frontends, on to the transport, back to the client.
extension Worker {
    func received(
        _ message: RawSpan, from endpoint: Endpoint, origin: QueryOrigin,
        reply: inout MutableRawSpan
    ) -> Receipt {
        let transport: Transport =
            switch origin {
            case .datagram: .datagram
            case .stream: .stream
            }
        switch forwarder.received(
            message, from: Source(transport, endpoint), now: loop.now, reply: &reply)
        {
        case .replied(let length):
            return .replied(length)
        case .pending(let query):
            origins[Int(query.index)] = origin
            return .pending
        case .ignored:
            return .ignored
        }
    }

    func answered(_ message: RawSpan, on connection: SlotID) {
        forwarder.answered(message, on: connection, now: loop.now)
        while let action = forwarder.nextAction() {
            if case .reply(let query) = action {
                reply(to: query, from: message)
            } else {
                deferred.append(action)
            }
        }
    }

    func connected(_ connection: SlotID, _ report: ConnectionReport) {
        forwarder.connected(connection, now: loop.now)
        logConnected(report)
    }

    func failed(_ connection: SlotID, _ failure: TransportFailure, wasUp: Bool) {
        let kind = UpstreamFailure(failure, wasUp: wasUp)
        if let server = forwarder.pool.upstream(of: connection).flatMap({
            forwarder.pool.server(at: $0)
        }) {
            logFailed(server, failure, kind, wasUp: wasUp)
        }
        forwarder.lost(connection, kind, text: failure.description, now: loop.now)
    }

    /// Does everything the forwarder wants done, then sends what has gathered.
    func wakeUpEnded() {
        repeat {
            performActions()
            transport?.flush()
        } while forwarder.hasActions
        for frontend in datagrams { frontend.flush() }
        streams?.flush()
        // Frames that had to wait may have been taken by the last flush.
        if forwarder.hasActions { return wakeUpEnded() }
        armTimer()
        reportHealth()
        if isDraining, forwarder.pendingQueries == 0 { finishDraining() }
    }

    private func performActions() {
        var index = 0
        while index < deferred.count {
            perform(deferred[index])
            index += 1
        }
        deferred.removeAll(keepingCapacity: true)
        while let action = forwarder.nextAction() { perform(action) }
    }

    private func perform(_ action: Action) {
        switch action {
        case .open(let connection, let upstream):
            guard let server = forwarder.pool.server(at: upstream) else { return }
            transport?.open(connection, to: server)
        case .close(let connection):
            transport?.close(connection)
        case .send(let connection, let exchange, let messageID):
            transport?.send(on: connection, capacity: forwarder.questionCapacity) { message in
                forwarder.writeQuestion(
                    of: exchange, messageID: messageID, on: connection, into: &message)
            }
        case .reply(let query):
            reply(to: query, from: RawSpan())
        }
    }

    private func reply(to query: QueryID, from message: RawSpan) {
        switch origins[Int(query.index)] {
        case .datagram(let listener, let peer):
            datagrams[listener].reply(to: peer) { span in
                forwarder.writeReply(to: query, from: message, into: &span)
            }
        case .stream(let client):
            let capacity = forwarder.replyCapacity(query, answer: message)
            streams?.reply(to: client, capacity: capacity) { span in
                forwarder.writeReply(to: query, from: message, into: &span)
            }
        }
    }

    private func armTimer() {
        guard let earliest = forwarder.earliestTimer, earliest < armedFor else { return }
        armedFor = earliest
        forwarderTimer?.arm(at: earliest)
    }

    func timerFired(token: Int) {
        if token == 1 { return finishDraining() }
        armedFor = .distantFuture
        forwarder.timerFired(now: loop.now)
    }
}

// What the supervisor says.
extension Worker {
    func ioReady(token: Int, events: IOEvents) {
        for message in inbox.take() {
            switch message {
            case .configure(let configuration):
                configure(configuration)
                supervisor.post(.configured(worker: index))
            case .ping(let number):
                supervisor.post(.pong(worker: index, number))
            case .report:
                supervisor.post(.status(worker: index, status))
            case .drain:
                drain()
            case .stop:
                loop.exit()
            }
        }
    }

    /// Leaves unread queries to whoever serves the sockets next.
    private func drain() {
        isDraining = true
        for frontend in datagrams { frontend.stopReading() }
        streams?.stopReading()
        forwarder.drain(now: loop.now)
        drainTimer?.arm(at: loop.now + Self.drainBound)
    }

    private func finishDraining() {
        guard isDraining else { return }
        isDraining = false
        drainTimer?.disarm()
        transport?.closeAll()
        supervisor.post(.drained(worker: index))
    }

    private func reportHealth() {
        guard forwarder.pool.healthChanges != reportedHealthChanges else { return }
        reportedHealthChanges = forwarder.pool.healthChanges
        supervisor.post(.status(worker: index, status))
    }

    private var status: WorkerStatus {
        WorkerStatus(
            upstreams: forwarder.pool.report, counters: forwarder.counters,
            frontend: datagrams.map(\.counters) + [streams?.counters].compactMap(\.self),
            tls: lastTLS)
    }
}
