internal import Control
internal import DNSCache
internal import EventLoop
internal import FrameStream
internal import NetAddress

// Showing how it stands: every worker is asked, none is waited for.
extension Supervisor {
    func survey(for client: ControlClientID, _ view: ControlDesk.View) {
        desk.viewers.append((client, view))
        guard !desk.census.isUnderWay else { return }
        let number = desk.census.begin()
        for worker in workers { worker.inbox.post(.report(number)) }
        censusTimer?.arm(at: loop.now + DaemonLimits.censusBound)
    }

    func reported(worker: Int, _ number: UInt64, _ status: WorkerStatus) {
        if desk.census.answered(worker: worker, number, status) { finishCensus() }
    }

    /// Shows what the workers have said, those that have said anything.
    func finishCensus() {
        guard desk.census.isUnderWay else { return }
        desk.census.end()
        censusTimer?.disarm()
        let snapshot = self.snapshot
        for (client, view) in desk.takeViewers() {
            switch view {
            case .status(let form): reply(Self.show(snapshot.status, form), to: client)
            case .stats(let form): reply(Self.show(snapshot.metrics, form), to: client)
            }
        }
    }

    private var snapshot: ServiceSnapshot {
        ServiceSnapshot(
            version: version, now: loop.now, startedAt: desk.startedAt,
            isStopping: !isServing, listening: runtime.ownEndpoints.map(\.description),
            lastReload: desk.lastReload, workers: desk.census.statuses,
            cacheSize: runtime.cacheSettings.byteCount, cache: cache.statistics,
            tap: tapCounts.figures)
    }

    private static func show(
        _ status: ServiceStatus, _ form: ControlRequest.StatusForm
    ) -> ControlReply {
        let body =
            switch form {
            case .plain: status.text()
            case .colored: status.text(colored: true)
            case .json: status.json
            }
        return ControlReply(words: status.condition.rawValue, body: body)
    }

    private static func show(
        _ metrics: [MetricFamily], _ form: ControlRequest.StatsForm
    ) -> ControlReply {
        let body =
            switch form {
            case .text: MetricText.plain(metrics)
            case .json: MetricText.json(metrics)
            case .prometheus: MetricText.prometheus(metrics)
            }
        return ControlReply(body: body)
    }
}
