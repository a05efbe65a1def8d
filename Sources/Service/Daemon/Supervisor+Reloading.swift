internal import Configuration
internal import DNSCache
internal import EventLoop
internal import LinuxIO
internal import NetAddress
internal import TLS

// All or nothing: what is wrong with the new configuration leaves the old one as it is.
extension Supervisor {
    /// Reads the configuration and hands it out; gives what is wrong with it, if anything is, and
    /// nothing where nobody is served.
    @discardableResult
    func reload() -> [String] {
        guard isServing else { return [] }
        notify(
            "RELOADING=1\nMONOTONIC_USEC=\(Clock.monotonic().microseconds)")
        do {
            let configuration = try loader.load()
            var next = try RuntimeConfiguration(
                configuration, overrides: loader.overrides, ownEndpoints: runtime.ownEndpoints,
                replacing: runtime)
            preparePolicy(for: &next)
            next.tap = tap(for: configuration.log, workers: workers.count)
            apply(next)
            return []
        } catch let error as ConfigurationError {
            return refuse(error.lines)
        } catch {
            return refuse(["\(error)"])
        }
    }

    private func apply(_ next: RuntimeConfiguration) {
        if next.trustGeneration != runtime.trustGeneration { tickets.dropAll() }
        if next.routeNumbers.needsFlush {
            cache.flush()
            // Once more when all workers have it, for what they keep until then.
            isFlushDue = true
        }
        logFixedKeys(next.configuration)
        isReviewDue = isReviewDue || distrustsMemory(under: next)
        runtime = next
        unknownNames.removeAll()
        log.level = next.configuration.log.level
        status.refusal = nil
        stage = .reloading
        awaited = Set(workers.indices)
        reloadNumber &+= 1
        for worker in workers { worker.inbox.post(.configure(next, number: reloadNumber)) }
    }

    /// Notes that a worker has the configuration of that number; an earlier one is not waited for.
    func configured(worker: Int, _ number: UInt64) {
        guard number == reloadNumber else { return }
        settle(worker, in: .reloading)
    }

    /// Keys that take effect at the next start say so, instead of doing nothing in silence.
    private func logFixedKeys(_ next: Configuration) {
        var fixed = next.listen
        let current = runtime.configuration.listen
        // The size of UDP answers and the idle timeout are taken at once.
        fixed.maximumUDPSize = current.maximumUDPSize
        fixed.tcpIdleTimeout = current.tcpIdleTimeout
        if fixed != current {
            log.write(
                LogEntry(.warning, "Changes of addresses, workers and TCP bounds take a restart"))
        }
        var cache = next.cache
        // Where answers are kept is asked when the process ends.
        cache.persistFile = runtime.configuration.cache.persistFile
        if cache != runtime.configuration.cache {
            log.write(LogEntry(.warning, "Changes of the cache take a restart"))
        }
        if next.control != runtime.configuration.control {
            log.write(LogEntry(.warning, "Changes of the control socket take a restart"))
        }
    }

    func finishReloading() {
        stage = .serving
        if isFlushDue {
            isFlushDue = false
            cache.flush()
        }
        reviewIfDue()
        let count = runtime.configuration.upstream.servers.count
        let routes = runtime.configuration.routes.count
        log.write(
            LogEntry(
                .notice,
                "Configuration reloaded: \(count) upstream(s)"
                    + (routes == 0 ? "" : ", \(routes) route(s)"), id: .configurationLoaded))
        notify("READY=1\nSTATUS=\(status.text)")
        reloadEnded()
        settleDown()
    }

    /// Whoever waits for an earlier reload, which is under way, goes on waiting.
    private func refuse(_ problems: [String]) -> [String] {
        for problem in problems {
            log.write(
                LogEntry(
                    .error, "Configuration not reloaded: \(problem)", id: .configurationRefused,
                    fields: ["ERROR=\(problem)"]))
        }
        status.refusal = problems.first
        if stage == .serving { notify("READY=1\nSTATUS=\(status.text)") }
        desk.lastReload = (loop.now, problems)
        return problems
    }
}
