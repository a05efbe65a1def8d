public import NetAddress

/// Section `[Access]`: who may ask, and how often.
public struct AccessSettings: Equatable, Sendable {
    /// Besides the host itself; the longest prefix of both lists counts.
    public var allowed: [AddressPrefix] = []
    public var denied: [AddressPrefix] = []
    public var refusal: AccessRefusal = .refuse
    /// Queries of a client in a second, in each worker; zero counts none.
    public var rateLimit = 1000
    /// Queries of a client at once.
    public var rateBurst = 2000
    /// Clients that are not counted.
    public var rateExempt: [AddressPrefix] = []
    /// Bits of an address that tell clients apart; a household has a /56 (RFC 6177).
    public var ratePrefixV4 = 32
    public var ratePrefixV6 = 56

    public init() {}
}

/// What whoever may not ask is told.
public enum AccessRefusal: String, CaseIterable, Sendable {
    case refuse
    case drop
}

/// Section `[Local]`: what is answered here.
public struct LocalSettings: Equatable, Sendable {
    public var hosts: HostsFile = .path("/etc/hosts")
    public var records: [LocalRecord] = []
    /// Special names that are asked for like any other, with all below them.
    public var forwarded: [FoldedName] = []

    public init() {}
}

/// The file that host names are read from, if any.
public enum HostsFile: Equatable, Sendable {
    case none
    case path(String)
}

/// Section `[Filter]`: what is not resolved, and what is not believed.
public struct FilterSettings: Equatable, Sendable {
    /// Absolute paths of lists of names.
    public var lists: [String] = []
    public var allowed: [FoldedName] = []
    public var answer: FilterAnswer = .nxdomain
    /// Whether private addresses in answers of public servers are refused.
    public var protectsPrivate = false
    /// Names whose private addresses are all right.
    public var privateDomains: [FoldedName] = []

    public init() {}
}

/// What is answered instead of what is not resolved.
public enum FilterAnswer: String, CaseIterable, Sendable {
    case nxdomain
    case nodata
    case zero
}
