/// What the cache has for a question.
public enum CacheAnswer: Equatable, Sendable {
    case miss
    /// The answer was written: so many octets. `isDue` says that it ends soon and is worth
    /// fetching again, until `MessageCache.noteRefresh`.
    case hit(Int, isDue: Bool)
    /// There is an answer that the client would take, but not enough room to write it.
    case tooLong(isDue: Bool)
    /// There is an answer, but it has expired; it may be given if nothing better is to be had, and
    /// at once if asking has failed a moment ago.
    case expired(hasFailed: Bool)
}
