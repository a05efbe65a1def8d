internal import Configuration
internal import DNSCache
internal import EventLoop
internal import Forwarder
internal import FrameStream
internal import Frontend
internal import Glibc
internal import LinuxIO
internal import NetAddress
internal import ProgramOptions
internal import TLS

/// Starts, watches and ends the workers, and speaks for them to the service manager and the log.
///
/// Runs on the main thread, away from every query: reading files, loading certificates and writing
/// the log may take their time here.
final class Supervisor: SignalHandler, TimerHandler, IOHandler {
    private enum IOToken {
        static let inbox = 0
        static let network = 1
        static let files = 2
    }

    private enum TimerToken {
        static let watchdog = 0
        static let end = 1
        static let restoration = 2
        static let network = 3
        static let census = 4
        static let files = 5
        static let image = 6
        static let review = 7
    }

    let loader: ConfigurationLoader
    /// Tells the service manager something.
    let notify: (String) -> Void
    let loop: EventLoop
    let inbox: Mailbox<SupervisorMessage>
    let log: Log
    let tickets = TicketStore()
    let cache: MessageCache
    var runtime: RuntimeConfiguration
    private(set) var workers: [WorkerThread] = []
    private var sources: [SignalSource] = []
    private var inboxSource: IOSource?
    // The source watches the monitor's descriptor, so it is declared, and let go, before it.
    private var networkSource: IOSource?
    private var network: NetworkMonitor?
    private var networkTimer: TimerSource?
    private var networkChanges = NetworkChanges()
    let policyFiles: PolicyFiles
    /// What has become of the query log, as far as it goes to a reader.
    let tapCounts = FrameCounts()
    // Declared in this order for the same reason.
    private var filesSource: IOSource?
    private(set) var files: FileWatcher?
    private(set) var filesTimer: TimerSource?
    /// Whether something has happened to a file that was not looked at yet.
    var areFilesDue = false
    /// Whether what is in memory is looked through once every worker has the new rules.
    var isReviewDue = false
    /// The look through what is in memory, as long as it lasts.
    var review: MemoryReview?
    /// The number of the last configuration that was handed out.
    var reloadNumber: UInt64 = 0
    /// Whether all answers are forgotten once every worker has the new configuration.
    var isFlushDue = false
    /// The number of the last rules that were handed out by themselves, and who has them not yet.
    var adoption: (number: UInt64, awaited: Set<Int>) = (0, [])
    private var watchdogTimer: TimerSource?
    private var endTimer: TimerSource?
    private(set) var restoreTimer: TimerSource?
    private(set) var reviewTimer: TimerSource?
    private(set) var censusTimer: TimerSource?
    private var imageTimer: TimerSource?
    /// Whether `imageTimer` runs.
    private var isSettling = false
    /// The clients of the control socket, and what they wait for.
    var desk: ControlDesk
    let version = Version.text
    /// What an earlier process has kept, as long as not all of it is back.
    var restoration: Restoration?
    /// Where servers are that are known by name, as far as that was found out.
    var addresses: [HostAddresses] = []
    /// The names of which it has been logged that nobody knows where they are.
    var unknownNames: Set<ServerName> = []
    private var watchdog: Watchdog
    var status: StatusReport
    /// Workers that have not yet said what is being waited for.
    var awaited: Set<Int> = []
    var stage = Stage.starting
    private(set) var exitCode = ExitCode.success

    enum Stage {
        case starting
        case serving
        case reloading
        case draining
    }

    /// The signals that mean something to the daemon.
    static let signals = [SIGHUP, SIGTERM, SIGINT, SIGUSR1, SIGUSR2]

    init(
        loader: ConfigurationLoader, runtime: RuntimeConfiguration, listeners: Listeners,
        passed: [CInt] = [], signals: [CInt] = Supervisor.signals,
        notify: @escaping (String) -> Void = ServiceManager.notify
    ) throws(Errno) {
        self.loader = loader
        self.notify = notify
        self.runtime = runtime
        var entropy = Entropy()
        cache = MessageCache(
            settings: runtime.cacheSettings,
            hash: KeyedHash(entropy.nextUInt64(), entropy.nextUInt64()))
        policyFiles = PolicyFiles(seed: (entropy.nextUInt64(), entropy.nextUInt64()))
        log = Log(level: runtime.configuration.log.level)
        loop = try EventLoop()
        inbox = try Mailbox(bound: DaemonLimits.supervisorMessages)
        let count = listeners.byWorker.count
        watchdog = Watchdog(workers: count)
        status = StatusReport(workers: count)
        awaited = Set(0..<count)
        desk = ControlDesk(workers: count, now: loop.now)
        try watch(signals)
        // First the rules: what an earlier process has kept must be let in by them.
        preparePolicy(for: &self.runtime)
        beginRestoring(passed: passed)
        self.runtime.tap = tap(for: self.runtime.configuration.log, workers: count)
        for (index, sockets) in listeners.byWorker.enumerated() {
            workers.append(
                try WorkerThread(
                    index: index, configuration: self.runtime, sockets: sockets, cache: cache,
                    tickets: tickets, supervisor: inbox))
        }
        for known in addresses {
            for worker in workers { worker.inbox.post(.learned(known)) }
        }
    }

    /// Serves until a signal ends it.
    ///
    /// Workers that have answered everything end with it, so that their sessions are gone before
    /// the process tears down what they use; one that hangs is left behind.
    func run() throws(Errno) {
        try loop.run()
        guard stage == .draining, awaited.isEmpty else { return }
        for worker in workers { worker.inbox.post(.stop) }
        for worker in workers { worker.join() }
        keepMemory()
        runtime.tap?.close()
    }

    private func watch(_ signals: [CInt]) throws(Errno) {
        inboxSource = try loop.addIO(
            inbox.descriptor, events: .readable, token: IOToken.inbox, handler: self)
        watchNetwork()
        openFileWatcher()
        filesTimer = try loop.addTimer(token: TimerToken.files, handler: self)
        watchdogTimer = try loop.addTimer(token: TimerToken.watchdog, handler: self)
        endTimer = try loop.addTimer(token: TimerToken.end, handler: self)
        restoreTimer = try loop.addTimer(token: TimerToken.restoration, handler: self)
        reviewTimer = try loop.addTimer(token: TimerToken.review, handler: self)
        censusTimer = try loop.addTimer(token: TimerToken.census, handler: self)
        networkTimer = try loop.addTimer(token: TimerToken.network, handler: self)
        imageTimer = try loop.addTimer(token: TimerToken.image, handler: self)
        for number in signals {
            sources.append(try loop.addSignal(number, handler: self))
        }
    }

    /// Without a monitor, changes are noticed by the connections that they break.
    private func watchNetwork() {
        do throws(Errno) {
            let monitor = try NetworkMonitor()
            networkSource = try loop.addIO(
                monitor.raw, events: .readable, token: IOToken.network, handler: self)
            network = consume monitor
        } catch {
            log.write(LogEntry(.warning, "Changes of the network cannot be watched: \(error)"))
        }
    }

    private func openFileWatcher() {
        do throws(Errno) {
            let watcher = try FileWatcher()
            filesSource = try loop.addIO(
                watcher.raw, events: .readable, token: IOToken.files, handler: self)
            files = consume watcher
        } catch {
            log.write(LogEntry(.warning, "Changes of files take a reload: \(error)"))
        }
    }

    func ioReady(token: Int, events: IOEvents) {
        if token == IOToken.files {
            if files?.drain() == true { filesHaveChanged() }
            return
        }
        guard token == IOToken.network else {
            for message in inbox.take() { take(message) }
            return
        }
        guard network?.drain() == true else { return }
        if let due = networkChanges.changed(now: loop.now) { networkTimer?.arm(at: due) }
    }

    private func tellOfNetwork() {
        networkChanges.told()
        log.write(LogEntry(.debug, "The network has changed"))
        for worker in workers { worker.inbox.post(.networkChanged) }
    }

    private func take(_ message: SupervisorMessage) {
        switch message {
        case .reload: reload()
        case .flush: flush()
        case .stop: drain()
        case .log(let entry): log.write(entry)
        case .started(let worker): settle(worker, in: .starting)
        case .configured(let worker, let number): configured(worker: worker, number)
        case .adopted(let worker, let number): adopted(worker: worker, number)
        case .pong(let worker, let number): watchdog.answered(worker: worker, number)
        case .status(let worker, let report):
            let isRare = status.update(worker: worker, report)
            publishStatus()
            if isRare { settleDown() }
        case .reported(let worker, let number, let status): reported(worker: worker, number, status)
        case .answered(let number, let answer, let provenance):
            ownQueryAnswered(number, answer, provenance)
        case .drained(let worker): settle(worker, in: .draining)
        case .connected: settleDown()
        case .found(let worker, let known): take(known, from: worker)
        case .failed:
            exitCode = .system
            loop.exit()
        }
    }

    /// Whether it is neither starting nor ending.
    var isServing: Bool { stage == .serving || stage == .reloading }

    /// Notes that a worker has done what all are waited for; after the last one the stage ends.
    func settle(_ worker: Int, in expected: Stage) {
        guard stage == expected, awaited.remove(worker) != nil, awaited.isEmpty else { return }
        switch stage {
        case .starting: finishStarting()
        case .reloading: finishReloading()
        case .draining: loop.exit()
        case .serving: break
        }
    }

    private func publishStatus() {
        guard stage != .draining, let text = status.changedText() else { return }
        notify("STATUS=\(text)")
    }

    func timerFired(token: Int) {
        switch token {
        case TimerToken.watchdog: checkWorkers()
        case TimerToken.restoration: proceedRestoring()
        case TimerToken.review: proceedReview()
        case TimerToken.network: tellOfNetwork()
        case TimerToken.census: finishCensus()
        case TimerToken.files: readFiles()
        case TimerToken.image: letGoOfPages()
        default: loop.exit()
        }
    }
}

// Starting and ending.
extension Supervisor {
    private func finishStarting() {
        stage = .serving
        let count = runtime.configuration.upstream.servers.count
        let places = runtime.ownEndpoints.map(\.description).joined(separator: ", ")
        notify("READY=1\nSTATUS=\(status.text)")
        log.write(
            LogEntry(
                .notice,
                "Serving on \(places) with \(workers.count) worker(s), "
                    + "\(count) upstream(s) configured", id: .started))
        settleDown()
        reviewIfDue()
        guard let interval = ServiceManager.watchdogInterval() else { return }
        watchdog.start(interval: interval)
        checkWorkers()
    }

    /// Tells the service manager that all is well if every worker's loop has turned.
    private func checkWorkers() {
        guard let period = watchdog.period else { return }
        if watchdog.allAnswered {
            notify("WATCHDOG=1")
            let number = watchdog.nextNumber()
            for worker in workers { worker.inbox.post(.ping(number)) }
        } else {
            log.write(
                LogEntry(
                    .error, "Worker \(watchdog.silentWorkers) does not answer", id: .workerStuck))
        }
        watchdogTimer?.arm(at: loop.now + period)
    }

    private func drain() {
        guard stage != .draining else { return loop.exit() }
        stage = .draining
        notify("STOPPING=1\nSTATUS=Answering the last queries")
        log.write(LogEntry(.notice, "Stopping", id: .stopping))
        awaited = Set(workers.indices)
        for worker in workers { worker.inbox.post(.drain) }
        endTimer?.arm(at: loop.now + DaemonLimits.endBound)
    }

    func signalReceived(_ number: CInt) {
        switch number {
        case SIGHUP: reload()
        case SIGUSR1: logSummary()
        case SIGUSR2: flush()
        default: drain()
        }
    }
}

// Memory that only rare things need.
extension Supervisor {
    /// Lets go of the pages in a while; until then whatever else happens has the same end.
    func settleDown() {
        guard !isSettling else { return }
        isSettling = true
        imageTimer?.arm(at: loop.now + DaemonLimits.settlingTime)
    }

    private func letGoOfPages() {
        isSettling = false
        ProgramImage.releasePages()
    }
}
