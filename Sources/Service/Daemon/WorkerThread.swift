internal import Collections
internal import Configuration
internal import DNSCache
internal import Frontend
internal import LinuxIO
internal import TLS

/// A worker in its thread, as the supervisor sees it.
final class WorkerThread: Sendable {
    let index: Int
    let inbox: Mailbox<WorkerMessage>
    /// None once it has been waited for.
    private let thread: Locked<Thread?>

    /// Starts the thread; the worker says `started` once it serves.
    init(
        index: Int, configuration: RuntimeConfiguration, sockets: [ListeningSocket],
        cache: MessageCache, tickets: TicketStore, supervisor: Mailbox<SupervisorMessage>
    ) throws(Errno) {
        self.index = index
        let inbox = try Mailbox<WorkerMessage>(bound: DaemonLimits.workerMessages)
        self.inbox = inbox
        let thread = try Thread.start(name: "worker-\(index)") {
            do throws(Errno) {
                let worker = try Worker(
                    index: index, configuration: configuration, sockets: sockets,
                    cache: cache, tickets: tickets, inbox: inbox, supervisor: supervisor)
                try worker.run()
            } catch {
                supervisor.post(
                    .log(LogEntry(.error, "Worker \(index) cannot go on: \(error)")))
                supervisor.post(.failed(worker: index))
            }
        }
        self.thread = Locked(consume thread)
    }

    /// Waits until the worker has ended.
    func join() {
        thread.withLock { $0.take() }?.join()
    }
}
