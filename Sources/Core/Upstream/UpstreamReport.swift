public import NetAddress

/// How one upstream stands, for people.
public struct UpstreamReport: Sendable {
    public let group: GroupID
    public let target: UpstreamTarget
    /// The server that is asked, or would be next; `nil` while its name has no known address.
    public let server: UpstreamServer?
    public let health: UpstreamHealth
    public let lastFailure: UpstreamFailure?
    public let failureText: String
    /// How it stands at this moment.
    public var standing = UpstreamStanding.untried
    public var figures = UpstreamFigures()
    public var load = UpstreamLoad()

    public init(
        group: GroupID, target: UpstreamTarget, server: UpstreamServer?, health: UpstreamHealth,
        lastFailure: UpstreamFailure?, failureText: String
    ) {
        self.group = group
        self.target = target
        self.server = server
        self.health = health
        self.lastFailure = lastFailure
        self.failureText = failureText
    }

    /// `192.0.2.1:853#dns.example`, or `dns.example:853 at 192.0.2.1` where that was looked up;
    /// what is not encrypted says so.
    public var name: String {
        if server?.transport == .plain { return "\(target) in the clear" }
        guard case .host = target, let server else { return target.description }
        return "\(target) at \(server.endpoint.address)"
    }
}
