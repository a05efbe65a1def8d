internal import Collections

/// What an upstream has to do now, and what it took for what it has done.
public struct UpstreamLoad: Sendable {
    /// Connections that are up or coming up.
    public var connections = 0
    /// Queries whose answer is waited for.
    public var inFlight = 0
    public var roundTrips = RoundTripHistogram()

    public init() {}

    /// Adds what another worker sees.
    public mutating func add(_ other: UpstreamLoad) {
        connections += other.connections
        inFlight += other.inFlight
        roundTrips.add(other.roundTrips)
    }
}

extension Pool {
    /// The load of the upstream at place `upstream`.
    func load(of upstream: Int) -> UpstreamLoad {
        var load = UpstreamLoad()
        for index in 0..<slots.capacity
        where slots.slot(at: index) != nil && connections[index].upstream == upstream {
            load.connections += 1
            load.inFlight += connections[index].waiting
        }
        load.roundTrips = histograms[upstream]
        return load
    }
}
