public import Collections
public import EventLoop
public import LinuxIO
public import NetAddress

/// All TCP listeners and clients of a worker (RFC 7766).
public final class StreamFrontend: IOHandler, TimerHandler {
    /// Tokens of listeners lie above those of clients.
    private static let listenerToken = 1 << 32

    struct Listener {
        let socket: ListeningSocket
        /// None while accepting pauses.
        var source: IOSource?
    }

    let loop: EventLoop
    unowned let sink: any QuerySink
    let maximumQueries: Int
    var idleTimeout: Interval
    var listeners: [Listener] = []
    var clients: [StreamClient?]
    var slots: FreeList
    var timers: TimerWheel
    var timer: TimerSource?
    var acceptTimer: TimerSource?
    /// The place after which the next client to evict is looked for.
    var evictionHand = 0
    /// Clients with something to flush at the end of the wake-up.
    var dirty: [SlotID] = []
    /// Where reads go; only what is left of a frame is kept by the client.
    var scratch = StreamBuffer(
        maximumCapacity: 2 * FrontendLimits.readSize + FrontendLimits.frameSize,
        keptCapacity: 2 * FrontendLimits.readSize + FrontendLimits.frameSize)
    public internal(set) var counters = FrontendCounters()

    /// Makes room for `maximumClients`, each with `maximumQueries` under way.
    public init(
        maximumClients: Int, maximumQueries: Int, idleTimeout: Interval, loop: EventLoop,
        sink: any QuerySink
    ) throws(Errno) {
        self.loop = loop
        self.sink = sink
        self.maximumQueries = maximumQueries
        self.idleTimeout = idleTimeout
        clients = Array(repeating: nil, count: maximumClients)
        slots = FreeList(capacity: maximumClients)
        timers = TimerWheel(capacity: maximumClients, now: loop.now)
        timer = try loop.addTimer(token: 0, handler: self)
        acceptTimer = try loop.addTimer(token: 1, handler: self)
    }

    /// Accepts clients from a listening socket.
    public func listen(on socket: ListeningSocket) throws(Errno) {
        listeners.append(Listener(socket: socket))
        try watch(listeners.count - 1)
    }

    private func watch(_ index: Int) throws(Errno) {
        listeners[index].source = try loop.addIO(
            listeners[index].socket.descriptor.raw, events: .readable,
            token: Self.listenerToken + index, handler: self, isShared: true)
    }

    /// Accepts again, or pauses once more while there is nothing to watch a listener with.
    private func resumeAccepting() {
        for index in listeners.indices where listeners[index].source == nil {
            do {
                try watch(index)
            } catch {
                acceptTimer?.arm(at: loop.now + FrontendLimits.acceptPause)
            }
        }
    }

    /// Takes no more clients, and no more queries than have come; each client is closed with its
    /// last answer.
    ///
    /// A client that was accepted a moment ago has its first query on the way: closing it would
    /// lose that, where the backlog would have kept it. It may ask once.
    public func stopReading() {
        listeners.removeAll()
        for index in clients.indices {
            guard let slot = slots.slot(at: index), let client = clients[index] else { continue }
            client.leavesAt = loop.now + FrontendLimits.firstQueryGrace
            read(slot, client)
            guard slots.contains(slot), !client.hasAsked else { continue }
            schedule(slot, at: loop.now + FrontendLimits.firstQueryGrace)
        }
    }

    /// Changes the idle timeout from the next time that a client is looked at.
    public func configure(idleTimeout: Interval) {
        self.idleTimeout = idleTimeout
    }

    public func ioReady(token: Int, events: IOEvents) {
        if token >= Self.listenerToken {
            accept(from: listeners[token - Self.listenerToken].socket)
            return
        }
        guard let slot = slots.slot(at: token), let client = clients[token] else { return }
        if events.contains(.error) { return close(slot) }
        if events.contains(.writable) { send(slot, client) }
        if slots.contains(slot), !events.isDisjoint(with: [.readable, .hangUp]) {
            read(slot, client)
        }
    }

    public func timerFired(token: Int) {
        if token == 1 { return resumeAccepting() }
        while let index = timers.popExpired(now: loop.now) {
            guard let slot = slots.slot(at: index), let client = clients[index] else { continue }
            let deadline = client.deadline(idleTimeout: idleTimeout) ?? loop.now + idleTimeout
            if deadline <= loop.now {
                close(slot)
            } else {
                timers.schedule(index, at: deadline, now: loop.now)
            }
        }
        if let earliest = timers.earliest { timer?.arm(at: earliest) }
    }

    /// Where a client is; `nil` when it has gone.
    public func endpoint(of client: SlotID) -> Endpoint? {
        slots.contains(client) ? clients[Int(client.index)]?.endpoint : nil
    }

    /// The address and port that a client has connected to; `nil` when it has gone.
    public func local(of client: SlotID) -> Endpoint? {
        slots.contains(client) ? clients[Int(client.index)]?.local : nil
    }

    /// How many clients are connected.
    public var clientCount: Int { slots.inUse }
}
