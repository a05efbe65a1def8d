internal import NetAddress

/// Whether a group of upstreams answers at all, which tells a hard question from an outage.
struct GroupAnswers: BitwiseCopyable {
    /// When one of them gave a good answer last.
    var lastAt: Instant
    /// Whether none has since a query waited in vain.
    var hasExpired = false
}
