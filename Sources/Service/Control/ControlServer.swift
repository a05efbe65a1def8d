public import EventLoop
public import LinuxIO
internal import NetAddress

/// Serves the control socket: a line in, a few lines out, from the loop of the supervisor.
///
/// Whoever is admitted by the socket's mode may ask; whatever they send or do not send, the loop
/// goes on, and no query waits for it.
public final class ControlServer: IOHandler, TimerHandler {
    /// The token of the listener; clients have their place in `clients`.
    private static let listenerToken = -1

    private let loop: EventLoop
    private unowned let sink: any ControlSink
    private var listenerSource: IOSource?
    private let listener: FileDescriptor
    private var timer: TimerSource?
    private var clients: [ControlConnection?]
    private var lastNumber: UInt64 = 0
    /// When accepting goes on after a pause.
    private var pausedUntil: Instant?

    /// Serves a listening Unix socket; the sink is not kept alive.
    public init(
        owning listener: consuming FileDescriptor, loop: EventLoop, sink: any ControlSink
    ) throws(Errno) {
        self.loop = loop
        self.sink = sink
        self.listener = listener
        clients = Array(repeating: nil, count: ControlLimits.clients)
        listenerSource = try loop.addIO(
            self.listener.raw, events: .readable, token: Self.listenerToken, handler: self)
        timer = try loop.addTimer(token: 0, handler: self)
    }

    /// Answers a client; one that has gone, or was answered before, is left alone.
    public func reply(_ reply: ControlReply, to client: ControlClientID) {
        guard reply.body.utf8.count <= ControlLimits.replySize else {
            return begin(ControlReply.error("the reply is too long").octets, nil, to: client)
        }
        begin(reply.octets, nil, to: client)
    }

    /// Answers a client with lines that are made as it reads them, until there are none.
    public func reply(to client: ControlClientID, pieces: @escaping () -> String?) {
        begin(Array(ControlReply().heading.utf8), pieces, to: client)
    }

    /// How many clients are connected.
    public var clientCount: Int { clients.count { $0 != nil } }

    private func begin(_ octets: [UInt8], _ next: (() -> String?)?, to client: ControlClientID) {
        guard let place = clients.firstIndex(where: { $0?.id == client }),
            let connection = clients[place]
        else { return }
        connection.reply(octets, nextPiece: next, now: loop.now)
        write(connection, at: place)
    }

    public func ioReady(token: Int, events: IOEvents) {
        if token == Self.listenerToken { return accept() }
        guard let connection = clients[token] else { return }
        switch connection.phase {
        case .reading: read(connection, at: token)
        case .writing: write(connection, at: token)
        case .waiting: break
        }
    }

    public func timerFired(token: Int) {
        if let pausedUntil, pausedUntil <= loop.now {
            self.pausedUntil = nil
            listenerSource?.setEvents(.readable)
        }
        for place in clients.indices {
            if let deadline = clients[place]?.deadline, deadline <= loop.now { close(place) }
        }
        armTimer()
    }

    private func accept() {
        for _ in 0..<ControlLimits.acceptsPerWakeUp {
            do throws(Errno) {
                guard case .accepted(let descriptor, _) = try listener.accept() else { return }
                add(descriptor)
            } catch {
                pausedUntil = loop.now + ControlLimits.acceptPause
                listenerSource?.disable()
                armTimer()
                return
            }
        }
    }

    private func add(_ descriptor: consuming FileDescriptor) {
        guard let place = freePlace() else { return }
        lastNumber += 1
        let connection = ControlConnection(
            ControlClientID(number: lastNumber), owning: descriptor, now: loop.now)
        do throws(Errno) {
            connection.source = try loop.addIO(
                connection.raw, events: .readable, token: place, handler: self)
        } catch {
            return
        }
        clients[place] = connection
        // The request has mostly come already.
        read(connection, at: place)
        armTimer()
    }

    /// A place for one more client: when all are taken, that of the one which has been silent
    /// longest.
    private func freePlace() -> Int? {
        if let free = clients.firstIndex(where: { $0 == nil }) { return free }
        let silent = clients.indices.filter { clients[$0]?.phase == .reading }
        let oldest = silent.min { (clients[$0]?.id.number ?? 0) < (clients[$1]?.id.number ?? 0) }
        if let oldest { close(oldest) }
        return oldest
    }

    private func read(_ connection: ControlConnection, at place: Int) {
        switch connection.read(now: loop.now) {
        case .goesOn: break
        case .isOver: close(place)
        case .request(let line):
            connection.source?.disable()
            do throws(ControlMistake) {
                let request = try ControlRequest.parse(line, isPrivileged: connection.isPrivileged)
                sink.requested(request, by: connection.id)
            } catch {
                reply(.error(error.description), to: connection.id)
            }
        }
    }

    private func write(_ connection: ControlConnection, at place: Int) {
        guard connection.phase == .writing else { return }
        switch connection.write(now: loop.now) {
        case .goesOn, .request:
            connection.source?.setEvents(.writable)
            armTimer()
        case .isOver: close(place)
        }
    }

    private func close(_ place: Int) {
        clients[place]?.source = nil
        clients[place] = nil
    }

    private func armTimer() {
        let deadlines = clients.compactMap { $0?.deadline } + [pausedUntil].compactMap(\.self)
        guard let earliest = deadlines.min() else { return }
        timer?.arm(at: earliest)
    }
}
