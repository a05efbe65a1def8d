import Glibc
import NetAddress

/// One connection of the test server, on a thread of its own.
struct ServerConnection {
    /// Why it is over.
    enum Outcome: Equatable {
        case clientClosed
        case clientVanished
        /// The server closes it.
        case closing(Behavior.Closing)
    }

    let core: ServerCore
    let socket: Socket
    let waker: Waker
    /// Its number in the server's record.
    let number: Int
    private var input: [UInt8] = []
    private var output = AnswerQueue()
    private var recordCount = 0
    private var queryCount = 0
    private var answerCount = 0
    private var nextUnsolicited = Instant.distantFuture
    private var lastActivity = Instant.now

    /// Records read before answers get their turn, so that a fast client cannot starve itself.
    private static let recordsPerTurn = 64

    init(core: ServerCore, socket: Socket, waker: Waker, number: Int) {
        self.core = core
        self.socket = socket
        self.waker = waker
        self.number = number
    }

    /// Serves the connection to its end.
    mutating func run() {
        let (opening, closing) = core.state.withLock { ($0.behavior.opening, $0.behavior.closing) }
        switch opening {
        case .handshake: secure { $0.converse($1) }
        case .closeAfterHandshake: secure { _, _ in .closing(closing) }
        default:
            let spoiled = SpoiledOpening(
                socket: socket, waker: waker, core: core, number: number)
            let outcome = spoiled.run(opening)
            finish(outcome, session: nil)
        }
    }

    /// Completes the handshake, lets `body` use the session, and closes.
    private mutating func secure(_ body: (inout Self, ServerSession) -> Outcome) {
        let core = core
        let (credentials, options, key) = core.state.withLock {
            ($0.credentials, $0.options, $0.ticketKey)
        }
        let session: ServerSession
        do {
            session = try ServerSession(
                socket: socket, credentials: credentials, options: options, ticketKey: key,
                isStopping: { [number] in
                    core.state.withLock { $0.leave(of: number) != nil }
                })
        } catch {
            handshakeFailed("\(error)")
            return finish(.closing(.abrupt), session: nil)
        }
        if let failure = handshake(session, until: .now + options.handshakeTimeout) {
            handshakeFailed(failure)
            return finish(.clientVanished, session: nil)
        }
        handshakeCompleted(session)
        let outcome = body(&self, session)
        finish(outcome, session: session)
    }

    /// Says what went wrong, if anything did.
    private func handshake(_ session: ServerSession, until deadline: Instant) -> String? {
        while true {
            switch session.handshake() {
            case .done: return nil
            case .failed(let words): return words
            case .wantsRead: break
            }
            waker.drain()
            if core.state.withLock({ $0.leave(of: number) != nil }) {
                return "the server stopped it"
            }
            if Instant.now >= deadline { return "the handshake took too long" }
            _ = socket.wait(reading: true, waker: waker, until: deadline)
        }
    }

    private mutating func converse(_ session: ServerSession) -> Outcome {
        greet()
        while true {
            waker.drain()
            let view = core.state.withLock {
                (
                    $0.behavior, $0.answeringIsPaused, $0.leave(of: number), $0.options.idleTimeout
                )
            }
            let (behavior, isPaused, leave, idleTimeout) = view
            if let leave { return .closing(leave) }
            if let outcome = read(session, behavior) { return outcome }
            if !isPaused, let outcome = write(session, behavior) { return outcome }
            let idleEnd = idleTimeout.flatMap { output.isEmpty ? lastActivity + $0 : nil }
            if let idleEnd, idleEnd <= .now { return .closing(behavior.closing) }
            let answersDue = isPaused ? nil : output.nextDue(behavior)
            let times = [answersDue, idleEnd, unsolicitedDue(behavior)].compactMap { $0 }
            _ = socket.wait(
                reading: true, waker: waker, until: times.min() ?? .now + .seconds(60))
        }
    }

    /// Sends what nobody has asked for yet.
    private mutating func greet() {
        let count = core.state.withLock { $0.behavior.unsolicitedAtStart }
        for _ in 0..<count {
            output.add([Distorter.unsolicited.framed], due: .now, answersQuery: false)
        }
    }

    private mutating func read(_ session: ServerSession, _ behavior: Behavior) -> Outcome? {
        for _ in 0..<Self.recordsPerTurn {
            switch session.receive() {
            case .wantsRead: return nil
            case .closed: return .clientClosed
            case .failed: return .clientVanished
            case .record(let bytes):
                lastActivity = .now
                input += bytes
                let (records, reads) = (recordCount + 1, session.readCount)
                recordCount = records
                core.state.withLock {
                    $0.record.update(number) { ($0.recordCount, $0.readCount) = (records, reads) }
                }
                if let outcome = takeQueries(behavior) { return outcome }
            }
        }
        // There may be more; the socket says so, or the next turn finds nothing.
        waker.wake()
        return nil
    }

    private mutating func takeQueries(_ behavior: Behavior) -> Outcome? {
        var start = 0
        defer { input.removeFirst(start) }
        while input.count - start >= 2 {
            let end = start + 2 + Int(input[start]) << 8 + Int(input[start + 1])
            guard input.count >= end else { return nil }
            let bytes = Array(input[(start + 2)..<end])
            start = end
            if let outcome = take(bytes, behavior) { return outcome }
        }
        return nil
    }

    private mutating func take(_ bytes: [UInt8], _ behavior: Behavior) -> Outcome? {
        guard let message = TestMessage(bytes) else {
            core.state.withLock { $0.record.malformedFrames += 1 }
            return nil
        }
        let query = ReceivedQuery(
            connection: number, record: recordCount - 1, time: .now, message: message)
        queryCount += 1
        let book = core.state.withLock {
            $0.record.received(query, keeping: $0.options.keepsQueries)
            return $0.book
        }
        switch behavior.ending {
        case .onQuery: return .closing(behavior.closing)
        case .randomly(let percent) where Self.chance(percent): return .closing(behavior.closing)
        default: break
        }
        guard !isSilent(query, behavior.silence) else { return nil }
        let distorter = Distorter(query: message, book: book)
        let frames =
            behavior.answers?(query).map(\.framed) ?? distorter.frames(behavior.distortion)
        guard !frames.isEmpty else { return nil }
        let delay = book.delay(of: message) + delay(behavior.delay)
        output.add(
            frames, due: .now + delay, isCutShort: behavior.ending == .midAnswer)
        return nil
    }

    private mutating func write(_ session: ServerSession, _ behavior: Behavior) -> Outcome? {
        session.writesSingleOctets = behavior.pacing == .singleOctetWrites
        if unsolicitedDue(behavior) ?? .distantFuture <= .now {
            nextUnsolicited = .distantFuture
            output.add([Distorter.unsolicited.framed], due: .now, answersQuery: false)
        }
        while let piece = output.next(now: .now, behavior) {
            guard session.send(piece.bytes) else { return .clientVanished }
            lastActivity = .now
            if piece.answerCount > 0 { sent(piece.answerCount) }
            if piece.isLast { return .closing(behavior.closing) }
            if case .afterAnswers(let count) = behavior.ending, answerCount >= count {
                return .closing(behavior.closing)
            }
        }
        return nil
    }

    /// When the next message that nobody asked for goes out.
    private mutating func unsolicitedDue(_ behavior: Behavior) -> Instant? {
        guard let interval = behavior.unsolicitedEvery else {
            nextUnsolicited = .distantFuture
            return nil
        }
        if nextUnsolicited == .distantFuture { nextUnsolicited = .now + interval }
        return nextUnsolicited
    }

    private func isSilent(_ query: ReceivedQuery, _ silence: Behavior.Silence) -> Bool {
        switch silence {
        case .none: false
        case .all: true
        case .alternate: queryCount % 2 == 1
        case .some(let percent): Self.chance(percent)
        case .below(let name):
            query.name.lowercased.labels.suffix(name.labels.count)
                == name.lowercased.labels[...]
        }
    }

    private func delay(_ delay: Behavior.Delay) -> Interval {
        switch delay {
        case .none: .zero
        case .fixed(let time): time
        case .random(let limit): Interval(microseconds: .random(in: 0...limit.microseconds))
        case .some(let percent, let time): Self.chance(percent) ? time : .zero
        case .oneIn(let count, let time): queryCount % count == 0 ? time : .zero
        }
    }

    private static func chance(_ percent: Int) -> Bool { .random(in: 0..<100) < percent }

    private mutating func sent(_ count: Int) {
        answerCount += count
        core.state.withLock { $0.record.answered(count, connection: number) }
    }

    private func handshakeFailed(_ words: String) {
        core.state.withLock {
            $0.record.handshakesFailed += 1
            $0.record.update(number) { $0.handshake = .failed(words) }
        }
    }

    private func handshakeCompleted(_ session: ServerSession) {
        core.state.withLock {
            if session.isResumed {
                $0.record.handshakesResumed += 1
            } else {
                $0.record.handshakesFull += 1
            }
            $0.record.update(number) {
                $0.handshake = session.isResumed ? .resumed : .full
                $0.version = session.version
                $0.alpn = session.alpn
                $0.serverName = session.serverName
                $0.readCount = session.readCount
            }
        }
    }

    /// Closes as the outcome says, and tells the record once the socket is closed.
    private func finish(_ outcome: Outcome, session: ServerSession?) {
        if outcome == .closing(.orderly) { session?.sendCloseNotify() }
        if outcome == .closing(.reset) {
            socket.resetOnClose()
        } else {
            discardInput()
        }
        socket.close()
        core.state.withLock {
            $0.record.closed(number, by: outcome, unanswered: queryCount - answerCount)
        }
    }

    /// Reads what is there, because closing a socket with unread data resets the connection.
    private func discardInput() {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        // Bounded by what a socket buffer holds; a client that sends on gets its reset.
        for _ in 0..<64
        where recv(socket.fd, &bytes, bytes.count, CInt(MSG_DONTWAIT)) <= 0 { return }
    }
}
