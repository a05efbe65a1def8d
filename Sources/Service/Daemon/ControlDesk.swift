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
    /// Who waits for the reload that is under way.
    var reloaders: [ControlClientID] = []
    /// When the last reload ended, and what was wrong with it.
    var lastReload: (at: Instant, problems: [String])?
    let startedAt: Instant

    init(workers: Int, now: Instant) {
        census = Census(workers: workers)
        startedAt = now
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
