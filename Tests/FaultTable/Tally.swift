import NetAddress
import TestServers

/// What came of the queries of a row, in numbers.
struct Tally {
    let survey: Survey

    init(_ survey: Survey) { self.survey = survey }

    var count: Int { survey.outcomes.count }
    var right: Int { survey.outcomes.count { $0 == .right } }
    var lost: Int { survey.outcomes.count { $0 == .none } }
    /// SERVFAIL and other codes.
    var failed: Int {
        survey.outcomes.count { if case .failure = $0 { true } else { false } }
    }
    var wrong: Int { survey.outcomes.count { if case .wrong = $0 { true } else { false } } }
    /// Queries without the right answer.
    var bad: Int { count - right }
    /// Failures that say why (RFC 8914).
    var explained: Int {
        survey.outcomes.count { if case .failure(_, .some, _) = $0 { true } else { false } }
    }

    var median: Interval { survey.percentile(50) }
    var percentile99: Interval { survey.percentile(99) }
    var slowest: Interval { survey.percentile(100) }

    /// How many got what instead of a right answer.
    var losses: String {
        let parts = [(lost, "lost"), (failed, "failed"), (wrong, "WRONG")].filter { $0.0 > 0 }
        return parts.isEmpty
            ? "0 bad of \(count)"
            : parts.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + " of \(count)"
    }

    var times: String {
        "p50 \(median.words), p99 \(percentile99.words), max \(slowest.words)"
    }
}

extension Interval {
    /// Milliseconds, with a place behind the point where that says something.
    var words: String {
        let tenths = (microseconds + 50) / 100
        guard tenths < 100 else { return "\((tenths + 5) / 10) ms" }
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

extension ServerRecord {
    /// What was done since an earlier record of the same server.
    func handshakes(since earlier: ServerRecord) -> Int {
        handshakesCompleted - earlier.handshakesCompleted
    }

    func connections(since earlier: ServerRecord) -> Int {
        connectionsAccepted - earlier.connectionsAccepted
    }

    func queries(since earlier: ServerRecord) -> Int {
        queriesReceived - earlier.queriesReceived
    }
}
