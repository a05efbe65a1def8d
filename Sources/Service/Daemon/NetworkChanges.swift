import NetAddress

/// When changes of the network are told to the workers.
///
/// Each telling costs connections. A link that comes up changes a dozen things within moments, and
/// on a router or a host of containers routes change all day long without concern for us.
struct NetworkChanges {
    private static let tolerance = DaemonLimits.networkInterval * (DaemonLimits.networkBurst - 1)

    /// Whether a telling is due that has not been made.
    private var isDue = false
    /// When all that has been told so far would have been, at one in each interval.
    private var paidUntil = Instant(microseconds: 0)

    /// Notes a change; when it is to be told, or `nil` where that has been settled.
    mutating func changed(now: Instant) -> Instant? {
        guard !isDue else { return nil }
        isDue = true
        let wait = paidUntil > now + Self.tolerance ? paidUntil - (now + Self.tolerance) : .zero
        paidUntil = max(paidUntil, now) + DaemonLimits.networkInterval
        return now + max(wait, DaemonLimits.networkGathering)
    }

    /// Notes that the workers have been told.
    mutating func told() { isDue = false }
}
