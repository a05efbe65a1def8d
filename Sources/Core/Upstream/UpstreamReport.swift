public import NetAddress

/// How one upstream stands, for people.
public struct UpstreamReport: Equatable, Sendable {
    public let group: GroupID
    public let server: UpstreamServer
    public let health: UpstreamHealth
    public let lastFailure: UpstreamFailure?
    public let failureText: String
}
