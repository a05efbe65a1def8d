/// How an upstream stands.
public enum UpstreamHealth: String, Sendable, BitwiseCopyable {
    case untried
    case healthy
    case down
}
