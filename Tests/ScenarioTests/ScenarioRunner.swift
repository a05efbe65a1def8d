import DNSCache
import Forwarder
import NetAddress
import TestSupport
import Upstream

/// Plays one scenario, statement by statement.
///
/// What the forwarder does must be expected before the next thing happens to it, in the order in
/// which it was done.
struct ScenarioRunner: ~Copyable {
    var worker: VirtualWorker
    var settings: ForwarderSettings
    /// Those of the upstreams.
    var pool = GroupSettings()
    private var routes: [UpstreamGroup] = []
    private var routeCount = 0
    /// Whom addresses are asked of, from the next `upstreams` on.
    private var bootstrap: [UpstreamServer] = []
    private let seed: UInt64
    private var trustGeneration: UInt32 = 1
    /// What an operator has decided so far.
    var policy = ScenarioPolicy()
    /// The clients whose message was ignored and not expected to be.
    var ignored: [Int] = []

    init(seed: UInt64) {
        settings = ForwarderSettings()
        self.seed = seed
        worker = VirtualWorker(settings: settings, cache: .disabled, seed: seed)
    }

    /// Does what one line says.
    mutating func run(_ line: Statement) throws(Violation) {
        var statement = line
        let verb = try statement.next("statement")
        if verb != "expect" { try expectNothing() }
        switch verb {
        case "cache": try setCache(&statement)
        case "flush": worker.cache.flush()
        case "clock":
            worker.time = UInt32(
                truncatingIfNeeded: try Statement.parseNumber(try statement.next("time")))
        case "upstreams": try configure(&statement)
        case "route": try addRoute(&statement)
        case "bootstrap": bootstrap = try servers(&statement)
        case "learned": try learn(&statement)
        case "settings": try set(&statement)
        case "client", "clients": try client(&statement)
        case "connect": try connect(&statement)
        case "fail": try fail(&statement)
        case "upstream": try upstream(&statement)
        case "exchange": try exchange(&statement)
        case "advance":
            try worker.advance(try Vocabulary.interval(try statement.next("time")))
        case "network":
            worker.forwarder.networkChanged(now: worker.now)
            try worker.perform()
        case "policy": try setPolicy(&statement)
        case "hosts": try setHosts(&statement)
        case "drain":
            worker.forwarder.drain(now: worker.now)
            try worker.perform()
        case "expect": try expect(&statement)
        default: throw Violation("\(verb) is no statement")
        }
        try statement.finish()
    }

    /// Throws when something was done that was not expected, or a query is still unanswered.
    mutating func finish() throws(Violation) {
        try expectNothing()
        guard worker.forwarder.pendingQueries == 0, worker.waiting.isEmpty else {
            let clients = worker.waiting.values.map(\.number).sorted().prefix(9)
            throw Violation("the scenario ends before these clients are answered: \(clients)")
        }
        let counters = worker.forwarder.counters
        let ended =
            counters.answered + counters.failed + counters.expired + counters.overloaded
            + counters.cacheHits + counters.stale + counters.local + counters.filtered
            + counters.screened
        guard counters.queries == ended else {
            throw Violation("\(counters.queries) queries, but \(ended) counted as ended")
        }
    }

    func expectNothing() throws(Violation) {
        if let effect = worker.effects.first {
            throw Violation("not expected: \(effect.description)")
        }
        if let client = ignored.first {
            throw Violation("not expected: client \(client) ignored")
        }
    }

    /// Plays `upstreams 1 2 dns.example [trust=new]`.
    private mutating func configure(_ statement: inout Statement) throws(Violation) {
        if statement.value("trust") == "new" { trustGeneration += 1 }
        let targets = try targets(&statement)
        worker.forwarder.configure(
            settings,
            groups: [
                UpstreamGroup(targets: targets, settings: pool),
                UpstreamGroup(.bootstrap, servers: bootstrap),
            ] + routes, trustGeneration: trustGeneration, now: worker.now)
        try worker.perform()
    }

    /// Plays `route corp.example [plain] 3 4`, which counts from the next `upstreams` on; without
    /// servers the route is removed.
    private mutating func addRoute(_ statement: inout Statement) throws(Violation) {
        guard let name = FoldedName(try statement.next("name")) else {
            throw Violation("no name")
        }
        let transport = statement.flag("plain") ? ServerTransport.plain : .tls
        let known = routes.first { $0.names == [name] }?.id
        routes.removeAll { $0.names == [name] }
        let servers = try servers(&statement, over: transport)
        guard !servers.isEmpty else { return }
        routeCount += 1
        var group = UpstreamGroup(
            known ?? GroupID(UInt8(routeCount)), servers: servers, settings: pool)
        group.names = [name]
        routes.append(group)
    }

    private func targets(_ statement: inout Statement) throws(Violation) -> [UpstreamTarget] {
        var targets: [UpstreamTarget] = []
        while let word = statement.nextPlain() {
            if word.contains(".example"), let name = ServerName(word) {
                targets.append(.host(UpstreamHost(name: name, port: 853)))
            } else {
                for number in try Vocabulary.range(word) {
                    targets.append(.server(Self.server(number)))
                }
            }
        }
        return targets
    }

    /// Plays `bootstrap 8 9`.
    private func servers(
        _ statement: inout Statement, over transport: ServerTransport = .tls
    ) throws(Violation) -> [UpstreamServer] {
        var servers: [UpstreamServer] = []
        while let word = statement.nextPlain() {
            servers += try Vocabulary.range(word).map { Self.server($0, over: transport) }
        }
        return servers
    }

    private static func server(
        _ number: Int, over transport: ServerTransport = .tls
    ) -> UpstreamServer {
        UpstreamServer(
            endpoint: Endpoint(
                address: IPAddress(v4: 0xc000_0200 | UInt32(number & 255)),
                port: transport == .tls ? 853 : 53),
            name: transport == .tls ? ServerName("u\(number).example") : nil,
            transport: transport)
    }

    /// Plays `learned dns.example 1 2`: another worker has found these addresses, or none.
    private mutating func learn(_ statement: inout Statement) throws(Violation) {
        guard let name = ServerName(try statement.next("name")) else { throw Violation("no name") }
        let known = try servers(&statement).map(\.endpoint.address)
        worker.forwarder.learned(
            HostAddresses(name: name, addresses: known), now: worker.now)
        try worker.perform()
    }

    /// Plays `settings timeout=2s padding=468 udp=4096 idle=30s own=127.0.0.53:53`.
    ///
    /// They count from the next `upstreams` on; so do those of the pool, `policy=race`,
    /// `connections=1`, `inflight=9` and `warm`.
    private mutating func set(_ statement: inout Statement) throws(Violation) {
        if let text = statement.value("timeout") {
            settings.timeout = try Vocabulary.interval(text)
        }
        if let text = statement.value("idle") {
            settings.streamIdleTimeout = try Vocabulary.interval(text)
        }
        if let block = try statement.number("padding") { settings.paddingBlock = block }
        if let size = try statement.number("udp") { settings.maximumUDPSize = size }
        if let text = statement.value("own"), let own = Endpoint(text, defaultPort: 53) {
            settings.ownEndpoints.append(own)
        }
        if statement.flag("no-look-ups") { settings.looksUpAddresses = false }
        if let text = statement.value("policy") {
            guard let policy = UpstreamPolicy(rawValue: text) else {
                throw Violation("\(text) is no policy")
            }
            pool.policy = policy
        }
        if let count = try statement.number("connections") {
            pool.maximumConnections = count
        }
        if let count = try statement.number("inflight") { pool.maximumInFlight = count }
        if statement.flag("warm") { pool.keepsWarm = true }
    }

    /// Plays `cache size=1M minimum=0 maximum=86400 negative=3600 stale=86400 no-prefetch`, which
    /// comes before anything else; without it nothing is kept.
    private mutating func setCache(_ statement: inout Statement) throws(Violation) {
        var cache = CacheSettings(byteCount: 1 << 20)
        if let size = try statement.number("size") { cache.byteCount = size }
        if let time = try statement.number("minimum") { cache.minimumTTL = UInt32(time) }
        if let time = try statement.number("maximum") { cache.maximumTTL = UInt32(time) }
        if let time = try statement.number("negative") { cache.maximumNegativeTTL = UInt32(time) }
        if let time = try statement.number("stale") { cache.staleSeconds = UInt32(time) }
        if statement.flag("no-prefetch") { cache.prefetches = false }
        let shared = MessageCache(settings: cache, hash: KeyedHash(seed, seed))
        worker = VirtualWorker(settings: settings, cache: shared, seed: seed)
    }

    /// Plays `client 1 query NAME TYPE ...`, `clients 1..9 query ...` or `client 1 sends HEX`.
    private mutating func client(_ statement: inout Statement) throws(Violation) {
        let numbers = try Vocabulary.range(try statement.next("client"))
        let verb = try statement.next("query or sends")
        var rest = statement
        for number in numbers {
            rest = statement
            let client =
                verb == "query"
                ? try ClientMessage.query(number, &rest) : try ClientMessage.raw(number, &rest)
            if try !worker.receive(client) { ignored.append(number) }
        }
        statement = rest
    }
}
