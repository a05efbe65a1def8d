internal import Upstream

/// The one line that `systemctl status` shows.
struct StatusReport {
    private var workers: [WorkerStatus?]
    private var published = ""
    /// Why the last reload was refused, while that stands.
    var refusal: String?

    init(workers count: Int) {
        workers = Array(repeating: nil, count: count)
    }

    /// Takes a worker's report; whether an upstream has come or gone for it since the one before.
    @discardableResult
    mutating func update(worker: Int, _ status: WorkerStatus) -> Bool {
        let before = workers[worker]?.upstreams.map(\.standing)
        workers[worker] = status
        return before != status.upstreams.map(\.standing)
    }

    /// The line, if it is another one than last time.
    mutating func changedText() -> String? {
        let text = self.text
        guard text != published else { return nil }
        published = text
        return text
    }

    /// Upstreams as seen by the worker that is worst off with each.
    var text: String {
        let reports = workers.compactMap(\.self).map(\.upstreams)
        guard let first = reports.first, !first.isEmpty else { return prefix + "Starting" }
        let places = first.indices.filter { first[$0].group != .bootstrap }
        let parts = places.compactMap { place in
            UpstreamSummary(reports.compactMap { place < $0.count ? $0[place] : nil })?.text
        }
        let tls = workers.compactMap { $0?.tls }.first.map { " over \($0)" } ?? ""
        return prefix + "Forwarding\(tls): " + parts.joined(separator: ", ")
    }

    private var prefix: String {
        refusal.map { "Reload refused (\($0)); the old configuration is in use. " } ?? ""
    }
}
