import Glibc
import NetAddress

/// What the threads of one test server share.
final class ServerCore: Sendable {
    /// Everything that changes.
    struct State {
        var options: DoTServerOptions
        var behavior = Behavior()
        var book = AnswerBook()
        var credentials: ServerCredentials
        var ticketKey: [UInt8]
        var record = ServerRecord()
        var acceptingIsPaused = false
        var answeringIsPaused = false
        /// How the server takes leave of its clients; `nil` while it runs.
        var stopping: Behavior.Closing?
        /// Connections numbered below this are to be closed, and how.
        var dismissal: (below: Int, closing: Behavior.Closing) = (0, .orderly)
        var threadCount = 0
        /// One per thread.
        var wakers: [ObjectIdentifier: Waker] = [:]

        /// How a connection is to end now, if it is.
        func leave(of connection: Int) -> Behavior.Closing? {
            stopping ?? (connection < dismissal.below ? dismissal.closing : nil)
        }
    }

    let state: Guarded<State>

    init(options: DoTServerOptions, credentials: Credentials) throws {
        state = Guarded(
            State(
                options: options, credentials: try ServerCredentials(credentials),
                ticketKey: try ServerCredentials.makeTicketKey()))
    }

    /// Changes the state and lets every thread look at it.
    func change<Result>(_ body: (inout State) -> Result) -> Result {
        let (result, wakers) = state.withLock { (body(&$0), Array($0.wakers.values)) }
        for waker in wakers { waker.wake() }
        return result
    }

    /// Runs `body` on a thread that `waitForThreads` waits for.
    func startThread(_ body: @escaping @Sendable (Waker) -> Void) throws(SystemError) {
        let waker = try Waker()
        state.withLock {
            $0.threadCount += 1
            $0.wakers[ObjectIdentifier(waker)] = waker
        }
        let leave: @Sendable () -> Void = { [state] in
            state.withLock {
                $0.threadCount -= 1
                $0.wakers[ObjectIdentifier(waker)] = nil
            }
        }
        do {
            try BackgroundThread.start {
                body(waker)
                leave()
            }
        } catch {
            leave()
            throw error
        }
    }

    /// Accepts until the server stops.
    func accept(on listener: Socket, _ waker: Waker) {
        // Before this thread counts as ended, so that the port is free for the next run.
        defer { listener.close() }
        while true {
            waker.drain()
            let (stopping, paused) = state.withLock { ($0.stopping != nil, $0.acceptingIsPaused) }
            if stopping { return }
            let ready = listener.wait(
                reading: !paused, waker: waker, until: .now + .seconds(60))
            // It may have been paused while it waited.
            guard ready.canRead, !state.withLock({ $0.acceptingIsPaused }) else { continue }
            guard let socket = listener.accept() else {
                // Out of descriptors: the connection stays and poll returns at once.
                if errno != EAGAIN { usleep(1000) }
                continue
            }
            socket.set(CInt(IPPROTO_TCP), TCP_NODELAY)
            let isFull = state.withLock { $0.threadCount > $0.options.connectionLimit }
            if isFull { continue }
            try? startThread { [self] waker in
                serve(socket, waker)
            }
        }
    }

    private func serve(_ socket: Socket, _ waker: Waker) {
        defer { socket.close() }
        let peer = socket.peerEndpoint
        let number = state.withLock { $0.record.accepted(from: peer) }
        var connection = ServerConnection(core: self, socket: socket, waker: waker, number: number)
        connection.run()
    }
}
