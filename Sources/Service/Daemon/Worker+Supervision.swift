internal import Collections
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import NetAddress
internal import Policy
internal import Upstream
internal import UpstreamTransport

// What the supervisor says.
extension Worker {
    func ioReady(token: Int, events: IOEvents) {
        for message in inbox.take() {
            switch message {
            case .configure(let configuration, let number):
                configure(configuration)
                supervisor.post(.configured(worker: index, number))
            case .adopt(let rules, let number):
                forwarder.adopt(rules)
                supervisor.post(.adopted(worker: index, number))
            case .ping(let number):
                supervisor.post(.pong(worker: index, number))
            case .summarize:
                logSummary()
            case .report(let number):
                supervisor.post(.reported(worker: index, number, status))
            case .ask(let number, let query):
                ask(number, query)
            case .networkChanged:
                forwarder.networkChanged(now: loop.now)
            case .learned(let known):
                forwarder.learned(known, now: loop.now)
            case .drain:
                drain()
            case .stop:
                loop.exit()
            }
        }
    }

    /// Leaves unread queries to whoever serves the sockets next.
    private func drain() {
        isDraining = true
        for frontend in datagrams { frontend.stopReading() }
        streams?.stopReading()
        forwarder.drain(now: loop.now)
        drainTimer?.arm(at: loop.now + DaemonLimits.drainBound)
    }

    func finishDraining() {
        guard isDraining else { return }
        isDraining = false
        drainTimer?.disarm()
        transport?.closeAll()
        plain?.closeAll()
        supervisor.post(.drained(worker: index))
    }

    func reportHealth() {
        for abort in forwarder.takeAborts() { logAborted(abort) }
        for known in forwarder.takeFoundAddresses() {
            supervisor.post(.found(worker: index, known))
        }
        let isDue =
            loop.now >= nextReport && forwarder.counters.queries != reportedQueries
        guard isDue || forwarder.pool.healthChanges != reportedHealthChanges else { return }
        reportedHealthChanges = forwarder.pool.healthChanges
        reportedQueries = forwarder.counters.queries
        nextReport = loop.now + DaemonLimits.reportPause
        supervisor.post(.status(worker: index, status))
    }

    private var status: WorkerStatus {
        WorkerStatus(
            upstreams: forwarder.pool.report, counters: forwarder.counters,
            responses: forwarder.responses,
            frontend: datagrams.map(\.counters) + [streams?.counters].compactMap(\.self),
            tls: lastTLS, records: records, transfers: transfers.counts,
            pendingQueries: forwarder.pendingQueries,
            streamClients: streams?.clientCount ?? 0)
    }
}
