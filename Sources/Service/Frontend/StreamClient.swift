internal import Collections
internal import EventLoop
internal import LinuxIO
internal import NetAddress

/// One TCP client and what is under way with it.
final class StreamClient {
    let descriptor: FileDescriptor
    let endpoint: Endpoint
    /// The address and port that it has connected to; few ask, so nobody else pays for it.
    private(set) lazy var local: Endpoint? = try? descriptor.localEndpoint()
    var source: IOSource?
    /// What was read and not yet taken: part of a frame, or whole ones while paused.
    var input = StreamBuffer(
        maximumCapacity: FrontendLimits.readSize + FrontendLimits.frameSize + 2,
        keptCapacity: FrontendLimits.keptInput)
    var output = StreamBuffer(
        maximumCapacity: FrontendLimits.unsentBound, keptCapacity: FrontendLimits.keptOutput)
    /// Octets of an overlong frame that are still to be passed over.
    var skipping = 0
    /// Queries whose answer is still to come.
    var pending = 0
    /// Frames in a row that were no query.
    var strikes = 0
    /// Whether the client has said that it will send no more.
    var hasEnded = false
    /// Whether it has ever sent a query.
    var hasAsked = false
    /// While the process ends: when a client that has not asked yet is closed all the same.
    var leavesAt: Instant?
    /// Whether it has output to flush and is on the list for that.
    var isDirty = false
    var lastActivity: Instant
    /// When the frame that is incomplete began, or the output began to wait.
    var stalledSince: Instant?

    init(owning descriptor: consuming FileDescriptor, endpoint: Endpoint, now: Instant) {
        self.descriptor = descriptor
        self.endpoint = endpoint
        lastActivity = now
    }

    /// Whether another of its queries may be taken now.
    func mayAsk(limit: Int) -> Bool {
        pending < limit && output.count < FrontendLimits.unsentPause
    }

    /// Whether nothing is left to do for it.
    var isFinished: Bool { hasEnded && pending == 0 && output.isEmpty && input.isEmpty }

    /// Whether it rather than `other` is to make room for a new client.
    func isIdler(than other: StreamClient) -> Bool {
        guard (pending > 0) == (other.pending > 0) else { return pending == 0 }
        return lastActivity < other.lastActivity
    }

    /// When it is to be closed if nothing happens, `nil` while answers are being waited for.
    func deadline(idleTimeout: Interval) -> Instant? {
        if let leavesAt, !hasAsked { return leavesAt }
        if let stalledSince { return stalledSince + FrontendLimits.patience }
        return pending > 0 ? nil : lastActivity + idleTimeout
    }

    /// What to wait for on the socket.
    func events(limit: Int) -> IOEvents {
        var events: IOEvents = []
        if !hasEnded, mayAsk(limit: limit) { events.insert(.readable) }
        if !output.isEmpty { events.insert(.writable) }
        return events
    }
}
