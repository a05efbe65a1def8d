public import NetAddress

/// How the service stands, in the words and numbers that are shown.
public struct ServiceStatus: Sendable {
    /// What a script or a probe wants to know.
    public enum Condition: String, Sendable {
        case healthy
        /// It answers, but something is not as it should be.
        case degraded
        /// It cannot ask anybody.
        case down
    }

    public var version = ""
    public var uptime = Interval.zero
    public var listening: [String] = []
    public var workers = 0
    /// Workers that did not say how they are in time.
    public var silentWorkers: [Int] = []
    public var upstreams: [Upstream] = []
    public var cache: Cache?
    public var queries = Queries()
    /// The last reload, if there was one.
    public var reload: Reload?
    /// Whether it is ending.
    public var isStopping = false

    public init() {}

    /// One configured server, as all workers together see it.
    public struct Upstream: Sendable {
        public enum State: String, Sendable {
            case untried
            case healthy
            /// Some workers cannot use it.
            case degraded
            case down
        }

        public var server = ""
        public var state = State.untried
        /// The last connection, if there was one.
        public var encryption: Encryption?
        public var handshakes: (full: UInt64, resumed: UInt64) = (0, 0)
        public var failures: UInt64 = 0
        public var lastFailure: Failure?
        public var roundTrip: (median: Interval, percentile95: Interval)?
        public var answers: UInt64 = 0

        public init() {}
    }

    /// How a connection is protected.
    public struct Encryption: Sendable {
        public let version: String
        public let cipher: String
        public let verifiedBy: String
        public let isResumed: Bool

        public init(version: String, cipher: String, verifiedBy: String, isResumed: Bool) {
            self.version = version
            self.cipher = cipher
            self.verifiedBy = verifiedBy
            self.isResumed = isResumed
        }
    }

    public struct Failure: Sendable {
        public let words: String
        public let ago: Interval

        public init(words: String, ago: Interval) {
            self.words = words
            self.ago = ago
        }
    }

    public struct Cache: Sendable {
        public var size: UInt64 = 0
        public var used: UInt64 = 0
        public var entries: UInt64 = 0

        public init() {}
    }

    public struct Queries: Sendable {
        public var total: UInt64 = 0
        public var fromMemory: UInt64 = 0
        public var stale: UInt64 = 0
        public var unanswered: UInt64 = 0
        public var underWay: UInt64 = 0

        public init() {}
    }

    public struct Reload: Sendable {
        public let ago: Interval
        /// What is wrong with the configuration; empty when it was taken.
        public let problems: [String]

        public init(ago: Interval, problems: [String]) {
            self.ago = ago
            self.problems = problems
        }
    }

    /// What it all amounts to.
    public var condition: Condition {
        let isLost = !upstreams.contains { $0.state != .down }
        if isStopping || isLost || silentWorkers.count == workers { return .down }
        let isWhole =
            silentWorkers.isEmpty && reload?.problems.isEmpty != false
            && upstreams.allSatisfy { $0.state == .healthy || $0.state == .untried }
        return isWhole ? .healthy : .degraded
    }
}
