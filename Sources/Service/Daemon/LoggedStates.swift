internal import NetAddress

/// What was last logged of each server, so that only what is new is logged.
struct LoggedStates {
    private var states: [UpstreamServer: String] = [:]

    /// Notes how a server stands; false where that was the last that was noted of it.
    mutating func note(_ state: String, of server: UpstreamServer) -> Bool {
        // Whoever is forgotten is logged once more.
        if states.count >= DaemonLimits.loggedStates, states[server] == nil { states.removeAll() }
        return states.updateValue(state, forKey: server) != state
    }
}
