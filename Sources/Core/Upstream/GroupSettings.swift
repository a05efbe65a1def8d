/// How upstreams are chosen.
public enum UpstreamPolicy: String, CaseIterable, Sendable, BitwiseCopyable {
    /// The first that is well, in the order of the configuration.
    case ordered
    /// The one that is expected to answer first, of two drawn at random.
    case balance
    /// Two at once; the first good answer counts.
    case race
    /// The same one for the names of one domain, so that each sees its part of the names alone.
    case hash
}

/// What an operator can set about the upstreams of a group and the connections to them.
public struct GroupSettings: Equatable, Sendable, BitwiseCopyable {
    public var policy: UpstreamPolicy
    /// Connections to one upstream.
    public var maximumConnections: Int
    /// Queries under way on a connection before another one is opened.
    public var maximumInFlight: Int
    /// Whether a connection to the preferred upstream is kept open while nobody asks.
    public var keepsWarm: Bool

    public init(
        policy: UpstreamPolicy = .ordered, maximumConnections: Int = 2,
        maximumInFlight: Int = 3072, keepsWarm: Bool = false
    ) {
        self.policy = policy
        self.maximumConnections = maximumConnections
        self.maximumInFlight = maximumInFlight
        self.keepsWarm = keepsWarm
    }
}
