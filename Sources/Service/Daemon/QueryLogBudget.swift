internal import NetAddress

/// Bounds what a worker logs of queries, so that a flood of them is not one of the journal as well.
struct QueryLogBudget {
    private var second: UInt32 = .max
    private var count = 0
    private var leftOut = 0

    /// Whether there is room for one more at `now`; if so, how many were left out before it.
    mutating func admit(now: Instant) -> Int? {
        if now.wholeSeconds != second {
            second = now.wholeSeconds
            count = 0
        }
        guard count < DaemonLimits.queryLogEntriesPerSecond else {
            leftOut += 1
            return nil
        }
        count += 1
        defer { leftOut = 0 }
        return leftOut
    }
}
