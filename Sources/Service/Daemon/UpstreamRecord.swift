internal import NetAddress
internal import TLS
internal import Upstream

/// What has become of a worker's connections to one server; kept apart from the way of queries.
struct UpstreamRecord: Sendable {
    /// The last connection, and what a failure after it does not take away.
    private(set) var tls: TLSProperties?
    private(set) var fullHandshakes: UInt64 = 0
    private(set) var resumedHandshakes: UInt64 = 0
    /// By kind, in the order of their raw values.
    private(set) var failures = Array(repeating: UInt64(0), count: UpstreamFailure.allCases.count)
    private(set) var lastFailure: (words: String, at: Instant)?

    mutating func connected(_ tls: TLSProperties) {
        self.tls = tls
        if tls.isResumed { resumedHandshakes += 1 } else { fullHandshakes += 1 }
    }

    mutating func failed(_ failure: UpstreamFailure, words: String, at now: Instant) {
        failures[Int(failure.rawValue)] += 1
        lastFailure = (words, now)
    }
}
