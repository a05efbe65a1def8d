internal import Control
internal import NetAddress

/// What the supervisor keeps for the clients of the control socket.
struct ControlDesk {
    /// What a client wants to see once all workers have reported.
    enum View {
        case status(ControlRequest.StatusForm)
        case stats(ControlRequest.StatsForm)
    }

    /// `nil` where there is no control socket.
    var server: ControlServer?
    var census: Census
    /// Who waits for the census that is under way.
    var viewers: [(client: ControlClientID, view: View)] = []
    /// Who waits for the answer to a query, by number; no more than there are clients.
    var queries: [UInt64: OwnQuery] = [:]
    private(set) var lastQuery: UInt64 = 0
    /// Who waits for the reload that is under way.
    var reloaders: [ControlClientID] = []
    /// When the last reload ended, and what was wrong with it.
    var lastReload: (at: Instant, problems: [String])?
    let startedAt: Instant

    init(workers: Int, now: Instant) {
        census = Census(workers: workers)
        startedAt = now
    }

    /// Notes a query, and gives the number that its answer comes under.
    mutating func add(_ query: OwnQuery) -> UInt64 {
        lastQuery += 1
        queries[lastQuery] = query
        return lastQuery
    }

    /// Takes all who wait for the census.
    mutating func takeViewers() -> [(client: ControlClientID, view: View)] {
        defer { viewers.removeAll() }
        return viewers
    }

    /// Takes all who wait for the reload.
    mutating func takeReloaders() -> [ControlClientID] {
        defer { reloaders.removeAll() }
        return reloaders
    }
}
