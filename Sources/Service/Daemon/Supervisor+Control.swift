internal import Collections
internal import Configuration
internal import Control
internal import DNSCache
internal import EventLoop
internal import LinuxIO

// The control socket: what it wants is done here, on the supervisor's thread.
extension Supervisor: ControlSink {
    /// Serves a control socket.
    func serveControl(on listener: consuming FileDescriptor) throws(Errno) {
        desk.server = try ControlServer(owning: listener, loop: loop, sink: self)
    }

    func requested(_ request: ControlRequest, by client: ControlClientID) {
        switch request {
        case .ping: reply(ControlReply(words: "dotproxy \(version)"), to: client)
        case .status(let form): survey(for: client, .status(form))
        case .stats(let form): survey(for: client, .stats(form))
        case .flush(let scope): reply(flush(scope), to: client)
        case .reload: reload(for: client)
        case .query(let name, let type, let isShort):
            ask(OwnQuery(client: client, name: name, type: type, isShort: isShort, at: loop.now))
        case .cacheDump: dumpCache(for: client)
        case .logLevel(let level): reply(setLogLevel(level), to: client)
        }
    }

    func reply(_ reply: ControlReply, to client: ControlClientID) {
        desk.server?.reply(reply, to: client)
    }

    private func flush(_ scope: NameScope?) -> ControlReply {
        guard let scope else {
            let count = cache.statistics.entries
            flush()
            return ControlReply(words: "forgot \(count) answers")
        }
        let count = cache.flush(name: scope.name.span.octets, subtree: scope.includesSubtree)
        log.write(
            LogEntry(.notice, "Forgot \(count) answers about some names", id: .cacheFlushed))
        return ControlReply(words: "forgot \(count) answers")
    }

    private func setLogLevel(_ level: LogLevel) -> ControlReply {
        let old = log.level
        log.level = level
        log.write(LogEntry(.notice, "Log level is \(level), was \(old)"))
        return ControlReply(words: "\(level), was \(old)")
    }

    private func reload(for client: ControlClientID) {
        guard isServing else { return reply(.error("not now: starting or stopping"), to: client) }
        let problems = reload()
        guard !problems.isEmpty else { return desk.reloaders.append(client) }
        let answer = ControlReply.error(
            "not reloaded, the old configuration is in use",
            body: problems.map { "\($0)\n" }.joined())
        reply(answer, to: client)
    }

    /// Tells who waits for a reload that all workers have it.
    func reloadEnded() {
        // One that was refused meanwhile is the last one there was.
        if status.refusal == nil { desk.lastReload = (loop.now, []) }
        let count = runtime.configuration.upstream.servers.count
        for client in desk.takeReloaders() {
            reply(ControlReply(words: "\(count) upstream(s)"), to: client)
        }
    }
}
