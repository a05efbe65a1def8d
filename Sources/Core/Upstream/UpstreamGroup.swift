public import NetAddress

/// Names a group of upstreams.
@frozen
public struct GroupID: Hashable, Sendable, BitwiseCopyable {
    public let number: UInt8

    @inlinable
    public init(_ number: UInt8) { self.number = number }

    /// The upstreams that are asked for whatever is not meant for others.
    @inlinable
    public static var main: GroupID { GroupID(0) }

    /// The upstreams that know where the others are which are known by name.
    @inlinable
    public static var bootstrap: GroupID { GroupID(32) }
}

/// Upstreams that stand in for each other: a question for one may be asked of any of them, and of
/// no others.
public struct UpstreamGroup: Equatable, Sendable {
    public let id: GroupID
    /// What it is asked about, with all names below; whatever no group names is for the main one.
    public var names: [FoldedName] = []
    /// Preferred first.
    public var targets: [UpstreamTarget]
    public var settings: GroupSettings

    public init(
        _ id: GroupID = .main, targets: [UpstreamTarget], settings: GroupSettings = GroupSettings()
    ) {
        self.id = id
        self.targets = targets
        self.settings = settings
    }

    /// Makes a group of servers whose addresses are known.
    public init(
        _ id: GroupID = .main, servers: [UpstreamServer], settings: GroupSettings = GroupSettings()
    ) {
        self.init(id, targets: servers.map(UpstreamTarget.server), settings: settings)
    }
}

/// What a query needs to know of a group.
struct GroupState: BitwiseCopyable {
    var settings = GroupSettings()
    /// Where its upstreams begin among the members of all groups, preferred first.
    var start = 0
    var count = 0
    /// When somebody asked last.
    var lastDemand: Instant
}
