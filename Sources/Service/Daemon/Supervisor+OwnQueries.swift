internal import Collections
internal import Control
internal import DNSCache
internal import EventLoop
internal import Forwarder
internal import LinuxIO
internal import NetAddress

// Asking ourselves, and looking into the memory.
extension Supervisor {
    /// Has a worker answer a query, one worker after the other.
    func ask(_ query: OwnQuery) {
        guard isServing, !workers.isEmpty else {
            return reply(.error("not now: starting or stopping"), to: query.client)
        }
        var query = query
        if cache.isEnabled {
            let question = query.question
            let key = cache.hash.key(
                question.span.octets, dnssecOK: false, checkingDisabled: false,
                route: runtime.route(of: query.name))
            query.memory = cache.summary(
                key, question: question.span.octets, now: Clock.bootTime().wholeSeconds)
        }
        let number = desk.add(query)
        let worker = workers[Int(number % UInt64(workers.count))]
        worker.inbox.post(.ask(number, query: query.message))
    }

    func ownQueryAnswered(_ number: UInt64, _ answer: [UInt8], _ provenance: Provenance) {
        guard let query = desk.queries.removeValue(forKey: number) else { return }
        let text = AnswerText(
            query: query, answer: answer, provenance: provenance,
            duration: loop.now - query.askedAt)
        reply(text.reply, to: query.client)
    }

    /// Shows everything in memory, as fast as the client reads.
    func dumpCache(for client: ControlClientID) {
        var cursor = CacheCursor()
        let cache = cache
        desk.server?.reply(to: client) {
            guard let entries = cache.entries(from: &cursor, now: Clock.bootTime().wholeSeconds)
            else { return nil }
            return entries.map(EntryText.lines).joined()
        }
    }
}
