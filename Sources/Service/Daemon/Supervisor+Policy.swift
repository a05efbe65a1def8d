internal import Configuration
internal import EventLoop
internal import LinuxIO
internal import NetAddress
internal import Policy

// Policy: what the operator has decided, in the configuration and in files beside it.
extension Supervisor {
    /// The time in which what happens to files is gathered: lists are written in many steps.
    static let fileGathering = Interval.milliseconds(100)

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
        filesTimer?.arm(at: loop.now + Self.fileGathering)
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
        runtime = next
        for worker in workers { worker.inbox.post(.adopt(next.policy)) }
    }

    /// Whether answers may be in memory that are not believed under `next`.
    func distrustsMemory(under next: RuntimeConfiguration) -> Bool {
        let filter = next.configuration.filter
        let former = runtime.configuration.filter
        return filter.protectsPrivate
            && (!former.protectsPrivate || filter.privateDomains != former.privateDomains)
    }
}
