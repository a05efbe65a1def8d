internal import Control
internal import DNSCache
internal import Forwarder
internal import FrameStream
internal import NetAddress
internal import TLS
internal import Upstream

/// All that is known of the service at a moment, from which status and metrics are made.
struct ServiceSnapshot {
    let version: String
    let now: Instant
    let startedAt: Instant
    let isStopping: Bool
    let listening: [String]
    let lastReload: (at: Instant, problems: [String])?
    /// By worker; `nil` for one that did not answer.
    let workers: [WorkerStatus?]
    let cacheSize: Int
    let cache: CacheStatistics
    var tap = FrameCounts.Figures()

    /// Those that have answered.
    var answers: [WorkerStatus] { workers.compactMap(\.self) }

    func sum(_ number: (WorkerStatus) -> UInt64) -> UInt64 {
        answers.reduce(0) { $0 &+ number($1) }
    }

    /// The servers in order of preference, each as every worker sees it; one that belongs to
    /// several groups counts once.
    var upstreams: [UpstreamView] {
        guard let first = answers.first(where: { !$0.upstreams.isEmpty }) else { return [] }
        var targets: [UpstreamTarget] = []
        for report in first.upstreams where !targets.contains(report.target) {
            targets.append(report.target)
        }
        return targets.map { target in
            UpstreamView(
                target: target,
                reports: answers.flatMap { $0.upstreams.filter { $0.target == target } },
                records: answers.compactMap { $0.records[target] })
        }
    }
}

/// One server, as all workers that have answered see it.
struct UpstreamView {
    let target: UpstreamTarget
    let reports: [UpstreamReport]
    let records: [UpstreamRecord]

    var state: ServiceStatus.Upstream.State {
        let isDown = reports.contains { $0.health == .down }
        // A worker that has not needed it yet knows nothing.
        guard reports.contains(where: { $0.health == .healthy }) else {
            return isDown ? .down : .untried
        }
        return isDown ? .degraded : .healthy
    }

    /// What all workers have it do.
    var load: UpstreamLoad {
        reports.reduce(into: UpstreamLoad()) { $0.add($1.load) }
    }

    /// What it was asked and how it did, all workers together.
    var figures: UpstreamFigures {
        reports.reduce(into: UpstreamFigures()) { $0.add($1.figures) }
    }

    func sum(_ number: (UpstreamRecord) -> UInt64) -> UInt64 {
        records.reduce(0) { $0 &+ number($1) }
    }
}

extension ServiceSnapshot {
    var status: ServiceStatus {
        var status = ServiceStatus()
        status.version = version
        status.uptime = now - startedAt
        status.isStopping = isStopping
        status.listening = listening
        status.workers = workers.count
        status.silentWorkers = workers.indices.filter { workers[$0] == nil }
        status.upstreams = upstreams.map { $0.status(now: now) }
        if cacheSize > 0 {
            var memory = ServiceStatus.Cache()
            memory.size = UInt64(cacheSize)
            memory.used = UInt64(cache.usedByteCount)
            memory.entries = UInt64(cache.entries)
            status.cache = memory
        }
        status.queries.total = sum(\.counters.queries)
        status.queries.fromMemory = sum(\.counters.cacheHits)
        status.queries.stale = sum(\.counters.stale)
        status.queries.unanswered = sum { $0.counters.failed &+ $0.counters.expired }
        status.queries.underWay = sum { UInt64($0.pendingQueries) }
        status.reload = lastReload.map {
            ServiceStatus.Reload(ago: now - $0.at, problems: $0.problems)
        }
        return status
    }
}

extension UpstreamView {
    fileprivate func status(now: Instant) -> ServiceStatus.Upstream {
        var status = ServiceStatus.Upstream()
        status.server = reports.first?.name ?? "\(target)"
        status.state = state
        status.encryption = records.compactMap(\.tls).first.map { tls in
            ServiceStatus.Encryption(
                version: "\(tls.version)", cipher: tls.cipher, verifiedBy: "\(tls.verifiedBy)",
                isResumed: tls.isResumed)
        }
        let figures = figures
        status.answers = figures.answers
        if status.answers > 0 { status.roundTrip = (figures.median, figures.percentile95) }
        status.handshakes = (sum(\.fullHandshakes), sum(\.resumedHandshakes))
        status.failures = sum { $0.failures.reduce(0, &+) }
        let failures = records.compactMap(\.lastFailure)
        status.lastFailure = failures.max { $0.at < $1.at }.map {
            ServiceStatus.Failure(words: $0.words, ago: now - $0.at)
        }
        return status
    }
}
