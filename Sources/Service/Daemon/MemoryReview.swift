internal import Collections
internal import DNSCache
internal import LinuxIO
internal import NetAddress
internal import Policy

/// A look through all answers in memory, a bit at a time, for those that new rules would not let
/// in.
struct MemoryReview {
    private let rules: PolicyRules
    private var cursor = CacheCursor()
    /// Answers that have been forgotten.
    private(set) var forgotten = 0

    init(under rules: PolicyRules) {
        self.rules = rules
    }

    /// Goes on until a time on the clock; whether that was all.
    mutating func proceed(in cache: MessageCache, until end: Instant) -> Bool {
        repeat {
            let now = Clock.bootTime().wholeSeconds
            let hasMore = cache.forget(from: &cursor, count: &forgotten, now: now) { entry in
                rules.refuses(entry.message.span.octets, isPublic: entry.route == 0)
            }
            guard hasMore else { return true }
        } while Clock.monotonic() < end
        return false
    }
}
