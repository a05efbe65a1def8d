internal import Configuration
internal import EventLoop
internal import Forwarder
internal import NetAddress
internal import TLS
internal import Upstream
internal import UpstreamTransport

// What is worth a line: changes of an upstream's state, not every connection.
extension Worker {
    func logConnected(_ report: ConnectionReport, of target: UpstreamTarget) {
        guard let tls = report.tls else { return logConnectedInClear(report) }
        records[target, default: UpstreamRecord()].connected(tls)
        lastTLS = "TLS \(tls.version)"
        let isNews = loggedStates.note("", of: report.server)
        let kind = tls.isResumed ? "resumed" : "full"
        let milliseconds = report.roundTrip.milliseconds
        let message =
            "Connected to \(report.server.endpoint), verified by \(tls.verifiedBy), over "
            + "TLS \(tls.version) (\(tls.cipher), \(kind) handshake), "
            + "round trip \(milliseconds), ready after \(report.handshake.milliseconds)"
        log(
            LogEntry(
                isNews ? .info : .debug, message, id: .upstreamConnected,
                fields: [
                    "UPSTREAM=\(report.server)", "TLS_VERSION=\(tls.version)",
                    "CIPHER=\(tls.cipher)", "RTT_USEC=\(report.roundTrip.microseconds)",
                    "HANDSHAKE_USEC=\(report.handshake.microseconds)",
                    "RESUMED=\(tls.isResumed ? 1 : 0)", "VERIFIED_BY=\(tls.verifiedBy)",
                    "ALPN=\(tls.applicationProtocol ?? "")",
                ]))
    }

    private func logConnectedInClear(_ report: ConnectionReport) {
        log(
            LogEntry(
                .debug,
                "Connected to \(report.server.endpoint) in the clear over TCP, "
                    + "round trip \(report.roundTrip.milliseconds)",
                id: .upstreamConnected,
                fields: [
                    "UPSTREAM=\(report.server)", "RTT_USEC=\(report.roundTrip.microseconds)",
                ]))
    }

    func logFailed(
        _ target: UpstreamTarget, _ server: UpstreamServer, _ failure: TransportFailure,
        _ kind: UpstreamFailure, wasUp: Bool
    ) {
        // Servers close idle connections all the time.
        let isClose = wasUp && kind == .closed
        if !isClose { note(kind, of: target, failure.description) }
        let isNews = !isClose && loggedStates.note(failure.description, of: server)
        log(
            LogEntry(
                isNews ? .warning : .debug,
                wasUp
                    ? "Connection to \(server) ended: \(failure)"
                    : "Cannot connect to \(server): \(failure)",
                id: .upstreamFailed,
                fields: ["UPSTREAM=\(server)", "ERROR=\(failure)", "ERROR_CODE=\(failure.code)"]))
    }

    func logSummary() {
        let counters = forwarder.counters
        log(
            LogEntry(
                .notice,
                "Worker \(index): \(counters.queries) queries, \(counters.cacheHits) from memory, "
                    + "\(counters.joined) joined, \(counters.sent) sent, "
                    + "\(counters.hedged) hedged, \(counters.prefetched) prefetched, "
                    + "\(counters.stale) stale, \(counters.failed + counters.expired) failed, "
                    + "\(counters.local) local, \(counters.filtered) filtered, "
                    + "\(counters.screened) screened, \(counters.denied) denied, "
                    + "\(counters.limited) limited, \(counters.refused) refused, \(counters.dropped) dropped, "
                    + "\(counters.discarded) answers not believed",
                id: .summary))
        for report in forwarder.pool.report {
            log(
                LogEntry(
                    .notice,
                    "Worker \(index): \(report.name) \(report.standing.rawValue), "
                        + UpstreamSummary.words(report.figures)
                        + (report.failureText.isEmpty
                            ? "" : ", last failure: \(report.failureText)"),
                    id: .summary, fields: ["UPSTREAM=\(report.target)"]))
        }
    }

    /// What the forwarder noticed itself: a handshake without end, answers that are none.
    func logAborted(_ abort: Abort) {
        let isNews = loggedStates.note(abort.reason, of: abort.server)
        note(abort.failure, of: abort.target, abort.reason)
        log(
            LogEntry(
                isNews ? .warning : .debug, "Gave up \(abort.server): \(abort.reason)",
                id: .upstreamFailed,
                fields: [
                    "UPSTREAM=\(abort.server)", "ERROR=\(abort.reason)",
                    "ERROR_CODE=\(abort.failure)",
                ]))
    }

    private func note(_ failure: UpstreamFailure, of target: UpstreamTarget, _ words: String) {
        records[target, default: UpstreamRecord()].failed(failure, words: words, at: loop.now)
    }

    func log(_ entry: LogEntry) {
        supervisor.post(.log(entry))
    }
}
