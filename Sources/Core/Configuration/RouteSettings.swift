public import NetAddress

/// A section `[Route NAME...]`: who is asked about these names and all below them, and nobody else.
public struct RouteSettings: Equatable, Sendable {
    /// Never empty once parsed, and of no other route.
    public var names: [RouteName] = []
    /// The servers in order of preference; never empty once parsed.
    public var servers: [UpstreamTarget] = []
    /// How they are spoken to; their default port depends on it.
    public var transport = ServerTransport.tls
    public var policy: UpstreamChoice = .ordered

    public init() {}

    /// What is asked of these servers, with all names below.
    public var domains: [FoldedName] { names.flatMap(\.domains) }

    /// The section's header as it is written in the file.
    var header: String {
        "[Route \(names.map(\.description).joined(separator: " "))]"
    }
}
