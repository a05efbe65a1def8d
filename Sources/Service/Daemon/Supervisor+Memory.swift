internal import Configuration
internal import DNSCache
internal import EventLoop
internal import Forwarder
internal import LinuxIO
internal import NetAddress
internal import TLS

// Memory: the answers and tickets that one process hands to the next.
extension Supervisor {
    /// Begins to read what an earlier process has kept, before the first query is.
    ///
    /// What takes longer than a slice is read while queries are served.
    func beginRestoring(passed: [CInt]) {
        do {
            guard
                let file = try Handover.open(
                    passed: passed, path: runtime.configuration.cache.persistFile)
            else { return }
            if !passed.isEmpty { notify("FDSTOREREMOVE=1\nFDNAME=\(Handover.name)") }
            let restored = try Restoration(file, cache: cache, store: tickets)
            addresses = restored.addresses
            restoration = consume restored
            proceedRestoring()
        } catch {
            giveUpRestoring("\(error)")
        }
    }

    /// Reads on for a slice; the timer brings the next one.
    func proceedRestoring() {
        let end = Clock.monotonic() + DaemonLimits.slice
        do throws(CacheImageDefect) {
            guard
                let isDone = try restoration?.proceed(
                    into: cache, under: runtime.policy, until: end)
            else { return }
            if isDone { finishRestoring() } else { restoreTimer?.arm(at: loop.now) }
        } catch {
            // A right checksum over a wrong entry: nothing of it can be believed.
            cache.flush()
            tickets.dropAll()
            restoration = nil
            giveUpRestoring("\(error)")
        }
    }

    private func finishRestoring() {
        let answers = restoration?.answers ?? 0
        let count = restoration?.tickets ?? 0
        restoration = nil
        log.write(
            LogEntry(
                .notice, "Restored \(answers) answers and \(count) TLS tickets",
                id: .memoryRestored, fields: ["CACHE_ENTRIES=\(answers)", "TLS_TICKETS=\(count)"]))
    }

    private func giveUpRestoring(_ reason: String) {
        log.write(
            LogEntry(
                .warning, "Dropped what was kept in memory: \(reason)", id: .memoryDropped,
                fields: ["ERROR=\(reason)"]))
    }

    /// Keeps everything for the next process; the workers have ended.
    func keepMemory() {
        // What was not read yet would be lost.
        while restoration != nil { proceedRestoring() }
        let handover = Handover(cache: cache, tickets: tickets, addresses: wantedAddresses)
        do throws(Errno) {
            let path = runtime.configuration.cache.persistFile
            guard let kept = try handover.save(to: path, now: Clock.bootTime()) else { return }
            log.write(
                LogEntry(
                    .notice, "Kept \(kept.answers) answers and \(kept.tickets) TLS tickets",
                    id: .memoryKept,
                    fields: ["CACHE_ENTRIES=\(kept.answers)", "TLS_TICKETS=\(kept.tickets)"]))
        } catch {
            log.write(
                LogEntry(
                    .warning, "Answers and TLS tickets cannot be kept: \(error)",
                    id: .memoryDropped, fields: ["ERROR=\(error)"]))
        }
    }

    /// What is known of the servers that are configured.
    private var wantedAddresses: [HostAddresses] {
        let names = runtime.configuration.hosts.map(\.name)
        return addresses.filter { names.contains($0.name) }
    }

    /// Tells the other workers, and the next process in time, where a server is.
    func take(_ known: HostAddresses, from worker: Int) {
        for other in workers.indices where other != worker {
            workers[other].inbox.post(.learned(known))
        }
        guard !known.addresses.isEmpty else {
            // Each time that nobody knew would be a line a minute.
            if unknownNames.insert(known.name).inserted {
                log.write(LogEntry(.warning, "Nobody knows the address of \(known.name)"))
            }
            return
        }
        unknownNames.remove(known.name)
        addresses.removeAll { $0.name == known.name }
        addresses.append(known)
        let list = known.addresses.map(\.description).joined(separator: ", ")
        log.write(LogEntry(.info, "\(known.name) is at \(list)"))
    }

    /// Forgets all answers, those that were still to come back as well.
    func flush() {
        restoration = nil
        cache.flush()
        log.write(LogEntry(.notice, "Forgot all answers", id: .cacheFlushed))
    }

    /// Says what there is to say once every worker has reported.
    func logSummary() {
        let kept = cache.statistics
        log.write(
            LogEntry(
                .notice,
                "Cache: \(kept.entries) answers in \(kept.usedByteCount >> 10) KiB, "
                    + "\(kept.hits) hits, \(kept.misses) misses, \(kept.stale) stale, "
                    + "\(kept.evictions) evicted",
                id: .summary,
                fields: ["CACHE_HITS=\(kept.hits)", "CACHE_MISSES=\(kept.misses)"]))
        for worker in workers { worker.inbox.post(.summarize) }
    }
}
