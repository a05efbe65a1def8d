import CGnuTLS
import Glibc
import NetAddress

/// A DNS-over-TLS server in the test process, on a port of its own on the loopback interface.
///
/// It answers from its `AnswerBook`, or misbehaves as its `Behavior` says; both can change while
/// it runs. Its threads end with it.
public final class DoTServer: Sendable {
    public let endpoint: Endpoint
    private let core: ServerCore

    /// How long threads get to end: past the longest write and any handshake in progress.
    private static let patience = Interval.seconds(20)

    /// Starts a server that presents these credentials.
    public init(
        credentials: Credentials, options: DoTServerOptions = DoTServerOptions(),
        behavior: Behavior = Behavior(), book: AnswerBook = AnswerBook()
    ) throws {
        core = try ServerCore(options: options, credentials: credentials)
        core.state.withLock {
            $0.behavior = behavior
            $0.book = book
        }
        endpoint = try Self.listen(Endpoint(address: options.address, port: options.port), core)
    }

    /// Starts a server with this fault, whose good certificate names `name` and its address.
    public convenience init(
        fault: FaultMode, authority: CertificateAuthority, name: String = "dot.example",
        options: DoTServerOptions = DoTServerOptions(), book: AnswerBook = AnswerBook()
    ) throws {
        let good = CertificateRequest(names: [name], addresses: [options.address])
        try self.init(
            credentials: authority.issue(fault.certificate(good)),
            options: options.with { $0.priority = fault.priority ?? $0.priority },
            behavior: fault.behavior, book: book)
    }

    deinit { stop() }

    public var port: UInt16 { endpoint.port }

    /// What it has seen and done so far.
    public var record: ServerRecord { core.state.withLock { $0.record } }

    /// Waits until the record is as wanted, and says whether it was before the time was over.
    public func wait(
        atMost limit: Interval = .seconds(5), until condition: (ServerRecord) -> Bool
    ) -> Bool {
        core.state.wait(atMost: limit) { condition($0.record) }
    }

    /// Forgets what it has seen; connections that are open stay counted as open.
    public func clearRecord() {
        core.state.withLock { $0.record.clear() }
    }

    /// How it behaves from the next event on.
    public var behavior: Behavior {
        get { core.state.withLock { $0.behavior } }
        set { core.change { $0.behavior = newValue } }
    }

    /// What it knows.
    public var book: AnswerBook {
        get { core.state.withLock { $0.book } }
        set { core.change { $0.book = newValue } }
    }

    /// Presents other credentials to connections from now on.
    public func use(_ credentials: Credentials) throws {
        let loaded = try ServerCredentials(credentials)
        core.change { $0.credentials = loaded }
    }

    /// Changes the set-up for connections from now on; the address stays.
    public func reconfigure(_ change: (inout DoTServerOptions) -> Void) {
        core.change { change(&$0.options) }
    }

    /// Takes on a fault, with its certificate and its TLS versions; `.ok` takes on none.
    public func use(
        _ fault: FaultMode, authority: CertificateAuthority, name: String = "dot.example"
    ) throws {
        let good = CertificateRequest(names: [name], addresses: [endpoint.address])
        let loaded = try ServerCredentials(authority.issue(fault.certificate(good)))
        core.change {
            $0.credentials = loaded
            $0.options.priority = fault.priority ?? DoTServerOptions().priority
            $0.behavior = fault.behavior
        }
    }

    /// Forgets the key of the tickets given out so far, so that none of them is taken.
    public func rotateTicketKey() throws {
        let key = try ServerCredentials.makeTicketKey()
        core.change { $0.ticketKey = key }
    }

    /// Leaves new connections to the kernel, which completes them up to TCP.
    public func pauseAccepting() { core.change { $0.acceptingIsPaused = true } }

    public func resumeAccepting() { core.change { $0.acceptingIsPaused = false } }

    /// Reads queries and holds their answers back.
    public func pauseAnswering() { core.change { $0.answeringIsPaused = true } }

    public func resumeAnswering() { core.change { $0.answeringIsPaused = false } }

    /// Ends all connections that are open now and waits for that; new ones are accepted meanwhile.
    public func closeConnections(_ closing: Behavior.Closing = .orderly) {
        let limit = core.change {
            let limit = $0.record.connectionsAccepted
            $0.dismissal = (below: limit, closing: closing)
            return limit
        }
        let ended = wait(atMost: Self.patience) { $0.openConnections.allSatisfy { $0 >= limit } }
        precondition(ended, "a connection of the test server did not end")
    }

    /// Closes the listening socket and all connections, and waits for the threads.
    public func stop(_ closing: Behavior.Closing = .orderly) {
        core.change { $0.stopping = closing }
        let ended = core.state.wait(atMost: Self.patience) { $0.threadCount == 0 }
        precondition(ended, "a thread of the test server did not end")
    }

    /// Listens again on the same port, after `stop()`.
    public func start() throws {
        core.state.withLock { $0.stopping = nil }
        _ = try Self.listen(endpoint, core)
    }

    private static func listen(_ endpoint: Endpoint, _ core: ServerCore) throws -> Endpoint {
        let listener = try Socket(endpoint.address.family, SOCK_STREAM)
        // The port is taken again while connections of the last run linger in TIME_WAIT.
        listener.set(SOL_SOCKET, SO_REUSEADDR)
        try listener.bind(to: endpoint)
        try SystemError.check(Glibc.listen(listener.fd, 511), "listen")
        guard let local = listener.localEndpoint else {
            throw SystemError(call: "getsockname", code: errno)
        }
        try core.startThread { [core] waker in
            core.accept(on: listener, waker)
        }
        return local
    }
}
