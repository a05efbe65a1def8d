internal import Collections
internal import Configuration
internal import EventLoop
internal import Forwarder
internal import NetAddress
internal import TLS
internal import Upstream
internal import UpstreamTransport

extension Worker {
    /// Finds out whether the machine has slept, before anything is sent over what was open then.
    ///
    /// Not once a second, like other clocks: in sleep the loop's time stands still, so the first
    /// query after it may come within the second of the last one before.
    func noteSleep() {
        // What the boot clock is ahead of the monotonic one, the machine has slept. The loop's time
        // is behind by this wake-up, which is a moment, unless the worker has been kept still.
        let limit = sleptBefore + DaemonLimits.nap
        guard clock.bootTime() - loop.now > limit else { return }
        let slept = clock.bootTime() - clock.monotonic()
        guard slept > limit else { return }
        sleptBefore = slept
        forwarder.sleptSeconds = slept.wholeSeconds
        forwarder.networkChanged(now: loop.now)
    }
}

// Certificates whose dates were left aside because the clock may be wrong.
extension Worker {
    /// Decides whether dates count, and replaces the connections for which they did not once they
    /// do.
    func judgeClock() {
        let isDoubtful = doubtedClock?.isDoubtful() ?? false
        transport?.toleratesDates = isDoubtful
        guard !isDoubtful, !tolerated.isEmpty else { return }
        for connection in tolerated { forwarder.replace(connection, now: loop.now) }
        tolerated.removeAll()
        log(LogEntry(.notice, "The clock can be trusted: dates of certificates count again"))
    }

    /// Notes that a server was believed whose certificate has the wrong dates.
    func note(
        _ fault: VerificationFailure, of server: UpstreamServer, on connection: SlotID
    ) {
        tolerated.removeAll { forwarder.pool.upstream(of: $0) == nil }
        tolerated.append(connection)
        log(
            LogEntry(
                .warning,
                "Believing \(server) although its \(fault): the clock may be wrong (ClockGrace=)",
                id: .clockGrace, fields: ["UPSTREAM=\(server)", "ERROR_CODE=\(fault.code)"]))
    }
}
