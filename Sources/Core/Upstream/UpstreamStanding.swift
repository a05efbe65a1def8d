/// How an upstream stands at a moment, finer than its health: best first.
public enum UpstreamStanding: String, Sendable, BitwiseCopyable, CaseIterable {
    /// Nobody has asked it yet.
    case untried
    case healthy
    /// It owes answers and has not been heard of for a while.
    case suspect
    /// It has failed, and is being tried in the background.
    case probing
    /// It has failed and is left alone for a while.
    case down
}
