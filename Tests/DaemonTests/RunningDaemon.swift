import Configuration
import Frontend
import LinuxIO
import NetAddress
import TestServers

@testable import Daemon

/// A daemon in threads of the test process, on sockets of its own.
///
/// Ends with its last reference; any number may run at once.
final class RunningDaemon: Sendable {
    /// What is known of it from outside its threads.
    private struct State {
        var inbox: Mailbox<SupervisorMessage>?
        /// What the service manager was told.
        var notices: [String] = []
        var failure: String?
        var exitCode: ExitCode?
        var hasEnded = false
    }

    /// Why there is none.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How long everything but draining may take, on a machine that is busy with other tests.
    private static let patience = Interval.seconds(10)

    let endpoint: Endpoint
    private let folder: TemporaryFolder
    /// Kept alive for as long as it may ask them.
    private let servers: [DoTServer]
    private let state = Guarded(State())

    /// Starts a daemon with this configuration and waits until it serves.
    init(
        _ configuration: String, on sockets: ListeningSockets? = nil, workers: Int = 1,
        servers: [DoTServer] = [], clock: MachineClock = .system
    ) throws {
        self.servers = servers
        let sockets = try sockets ?? ListeningSockets()
        endpoint = sockets.endpoint
        folder = try TemporaryFolder()
        let path = try folder.write(Array(configuration.utf8), as: "dotproxy.conf")
        let listeners = Listeners.share([sockets.datagram, sockets.stream], workers: workers)
        _ = try Thread.start(name: "supervisor") { [state] in
            do {
                try Self.supervise(path, listeners, clock, state)
            } catch {
                state.withLock { $0.failure = "\(error)" }
            }
            state.withLock { $0.hasEnded = true }
        }
        guard wait(for: "READY=1") else {
            throw Failure(description: state.withLock { $0.failure } ?? "not ready in time")
        }
    }

    /// Starts a daemon that asks these servers.
    convenience init(asking servers: DoTServer..., sections: String = "") throws {
        try self.init(
            Fixture.configuration(servers, sections: sections), servers: servers)
    }

    deinit { stop() }

    private static func supervise(
        _ path: String, _ listeners: Listeners, _ clock: MachineClock, _ state: Guarded<State>
    ) throws {
        let loader = ConfigurationLoader(path: path, isRequired: true, overrides: Overrides())
        let runtime = try RuntimeConfiguration(
            loader.load(), ownEndpoints: listeners.endpoints, clock: clock)
        let supervisor = try Supervisor(
            loader: loader, runtime: runtime, listeners: listeners, signals: [],
            notify: { text in state.withLock { $0.notices.append(text) } })
        if let control = try ControlSocket.make(runtime.configuration.control, passed: []) {
            try supervisor.serveControl(on: control)
        }
        state.withLock { $0.inbox = supervisor.inbox }
        try supervisor.run()
        state.withLock { $0.exitCode = supervisor.exitCode }
    }

    /// Everything that the service manager was told so far.
    var notices: [String] { state.withLock { $0.notices } }

    /// The last `STATUS=` that the service manager was told.
    var status: String {
        let lines = notices.flatMap { $0.split(separator: "\n") }
        return String(lines.last { $0.hasPrefix("STATUS=") }?.dropFirst(7) ?? "")
    }

    /// Waits until the service manager has been told something with `text` in it, `count` times
    /// after the first `start` notices.
    func wait(for text: String, count: Int = 1, after start: Int = 0) -> Bool {
        func isTold(_ notices: [String]) -> Bool {
            notices.dropFirst(start).count { $0.contains(text) } >= count
        }
        return state.wait(atMost: Self.patience) { $0.hasEnded || isTold($0.notices) }
            && isTold(notices)
    }

    /// Has it read `configuration` again, and waits until it is done with that.
    func reload(_ configuration: String) throws {
        try rewrite(configuration)
        let start = notices.count
        post(.reload)
        guard wait(for: "READY=1", after: start) else {
            throw Failure(description: "not reloaded in time")
        }
    }

    /// Writes another configuration, to be read at the next reload.
    func rewrite(_ configuration: String) throws {
        try folder.write(Array(configuration.utf8), as: "dotproxy.conf")
    }

    /// Has it read its configuration again, without waiting for that.
    func beginReload() {
        post(.reload)
    }

    /// Has it answer what is under way and end, without waiting for that.
    func beginStop() {
        post(.stop)
    }

    /// Has it forget all answers, without waiting for that.
    func flush() {
        post(.flush)
    }

    /// Has it end, and waits for that; gives its exit code.
    @discardableResult
    func stop() -> Int32? {
        if !state.withLock({ $0.hasEnded }) { post(.stop) }
        return waitForEnd()
    }

    /// Waits until all its threads have ended; gives its exit code, `nil` when they do not.
    func waitForEnd() -> Int32? {
        _ = state.wait(atMost: Self.patience) { $0.hasEnded }
        return state.withLock { $0.exitCode?.rawValue }
    }

    private func post(_ message: SupervisorMessage) {
        _ = state.withLock { $0.inbox }?.post(message)
    }

    /// A client of its.
    var client: PlainClient { PlainClient(endpoint) }
}
