internal import Configuration
internal import DNSCache
internal import EventLoop
internal import LinuxIO
internal import NetAddress
internal import Policy

// Policy: what the operator has decided, in the configuration and in files beside it.
extension Supervisor {
    /// Makes the rules of `runtime` anew and watches the files that they are made of.
    func preparePolicy(for runtime: inout RuntimeConfiguration) {
        watchFiles(of: runtime.configuration)
        runtime.policy = policyFiles.rules(
            runtime.configuration, ownEndpoints: runtime.ownEndpoints)
        for entry in policyFiles.takeEntries() { log.write(entry) }
    }

    /// Where a file cannot be watched, its changes take a reload.
    private func watchFiles(of configuration: Configuration) {
        for path in PolicyFiles.paths(configuration) {
            do throws(Errno) {
                try files?.watch(path)
            } catch {
                log.write(
                    LogEntry(
                        .warning, "Changes of \(path) take a reload, it cannot be watched: \(error)"
                    ))
            }
        }
    }

    /// Waits a moment for what belongs together.
    func filesHaveChanged() {
        guard !areFilesDue else { return }
        areFilesDue = true
        filesTimer?.arm(at: loop.now + DaemonLimits.fileGathering)
    }

    /// Reads what has changed, away from the workers, and hands them the result as a whole.
    func readFiles() {
        areFilesDue = false
        var next = runtime
        preparePolicy(for: &next)
        // Much happens in a folder that is not about these files.
        guard
            next.policy.names !== runtime.policy.names
                || next.policy.filter !== runtime.policy.filter
        else { return }
        isReviewDue = isReviewDue || distrustsMemory(under: next)
        runtime = next
        adoption = (adoption.number &+ 1, Set(workers.indices))
        for worker in workers {
            worker.inbox.post(.adopt(next.policy, number: adoption.number))
        }
    }

    /// Notes that a worker has the rules of that number.
    func adopted(worker: Int, _ number: UInt64) {
        guard number == adoption.number else { return }
        adoption.awaited.remove(worker)
        reviewIfDue()
    }
}

// What is in memory was let in under the rules that held then.
extension Supervisor {
    /// Whether answers may be in memory that are not let in under `next`.
    func distrustsMemory(under next: RuntimeConfiguration) -> Bool {
        if next.policy.filter != nil, next.policy.filter !== runtime.policy.filter { return true }
        let filter = next.configuration.filter
        let former = runtime.configuration.filter
        return filter.protectsPrivate
            && (!former.protectsPrivate || filter.privateDomains != former.privateDomains)
    }

    /// Looks through what is in memory, when all workers have the rules: until then they put there
    /// what the old ones let in.
    func reviewIfDue() {
        guard isReviewDue, stage == .serving, adoption.awaited.isEmpty, cache.isEnabled else {
            return
        }
        isReviewDue = false
        review = MemoryReview(under: runtime.policy)
        proceedReview()
    }

    /// Looks on for a slice; the timer brings the next one.
    func proceedReview() {
        let end = Clock.monotonic() + DaemonLimits.slice
        guard let isDone = review?.proceed(in: cache, until: end) else { return }
        guard isDone else {
            reviewTimer?.arm(at: loop.now)
            return
        }
        let count = review?.forgotten ?? 0
        review = nil
        guard count > 0 else { return }
        log.write(
            LogEntry(
                .notice, "Forgot \(count) answers that the new rules would not let in",
                id: .cacheFlushed))
    }
}
