import NetAddress
import TestSupport

@testable import Upstream

/// The pool took no exchange where it had to.
struct NoAssignment: Error {}

/// A pool and the hands that do what it says, noting it.
struct PoolRig: ~Copyable {
    var pool: Pool
    var now = Instant(microseconds: 1_000_000)
    /// What the pool wanted done, oldest first.
    var done: [ConnectionAction] = []

    init(upstreams: Int = 1) {
        pool = Pool(now: now, random: SplitMix64(seed: 7))
        configure(Array(1...max(upstreams, 1)).prefix(upstreams).map { $0 })
    }

    static func server(_ number: Int) -> UpstreamServer {
        let address = IPAddress(v4: 0xc000_0200 + UInt32(number))
        return UpstreamServer(endpoint: Endpoint(address: address, port: 853), name: nil)
    }

    static func target(_ number: Int) -> UpstreamTarget { .server(server(number)) }

    /// What `configure` last said; `set` says it again with other settings.
    private var groups: [UpstreamGroup] = []

    mutating func configure(_ numbers: [Int], trust: UInt32 = 1) {
        configure([UpstreamGroup(servers: numbers.map(Self.server))], trust: trust)
    }

    mutating func configure(_ groups: [UpstreamGroup], trust: UInt32 = 1) {
        self.groups = groups
        pool.configure(groups, trustGeneration: trust, now: now)
        perform()
    }

    mutating func set(_ settings: GroupSettings) {
        configure(groups.map { UpstreamGroup($0.id, targets: $0.targets, settings: settings) })
    }

    mutating func perform() {
        while let action = pool.nextAction() {
            done.append(action)
            if case .open(let connection, _) = action, let server = pool.server(of: connection) {
                contacted.append((connection, server.endpoint.address))
            }
        }
    }

    /// Every connection that was opened and where it leads, oldest first.
    var contacted: [(connection: ConnectionID, address: IPAddress)] = []

    mutating func assign(
        _ exchange: UInt16, of group: GroupID = .main, tried: Set<Int> = [], domain: UInt64 = 0
    ) -> Assignment? {
        var set = UpstreamSet()
        for upstream in tried { set.insert(upstream) }
        let assignment = pool.assign(
            exchange, of: group, excluding: set, domain: domain, now: now)
        perform()
        return assignment
    }

    /// The same where a test goes on only with an assignment.
    mutating func assigned(
        _ exchange: UInt16, of group: GroupID = .main, tried: Set<Int> = [], domain: UInt64 = 0
    ) throws(NoAssignment) -> Assignment {
        let assignment = assign(exchange, of: group, tried: tried, domain: domain)
        guard let assignment else { throw NoAssignment() }
        return assignment
    }

    /// Connections that took long to come up.
    var slow: [ConnectionID] = []
    /// Connections that fell silent while they owed answers.
    var suspects: [ConnectionID] = []

    /// Connects, and gives the exchanges that waited for others that were tried at the same time.
    @discardableResult
    mutating func connect(_ connection: ConnectionID) -> [UInt16] {
        pool.connected(connection, now: now)
        perform()
        var moved: [UInt16] = []
        while let loser = pool.overtaken(by: connection) {
            moved += lose(loser, .released)
            losers.append(loser)
        }
        return moved
    }

    /// Connections that were not the first to be up.
    var losers: [ConnectionID] = []
    /// Whether what waited on the connection that was lost last may go to the same upstream.
    var mayAskAgain = false

    mutating func answer(
        _ assignment: Assignment, roundTrip: Interval = .milliseconds(10),
        idleTimeout: Interval? = nil
    ) {
        pool.answered(
            assignment.messageID, on: assignment.connection, roundTrip: roundTrip,
            idleTimeout: idleTimeout, now: now)
        perform()
    }

    mutating func abandon(_ assignment: Assignment) {
        pool.abandoned(assignment.messageID, on: assignment.connection)
        perform()
    }

    /// Loses a connection and gives the exchanges that waited on it.
    mutating func lose(_ connection: ConnectionID, _ failure: UpstreamFailure) -> [UInt16] {
        mayAskAgain = pool.lost(connection, failure, text: "\(failure)", now: now)
        var orphans: [UInt16] = []
        var position: UInt32 = 0
        while let orphan = pool.takeOrphan(of: connection, from: &position) {
            orphans.append(orphan)
        }
        pool.forget(connection)
        perform()
        return orphans
    }

    /// Lets time pass; connections whose handshake takes too long are given back.
    mutating func advance(milliseconds: UInt64) -> [ConnectionID] {
        let target = now + .milliseconds(milliseconds)
        var late: [ConnectionID] = []
        while let due = pool.earliestTimer, due <= target {
            now = max(now, due)
            while let finding = pool.timerFired(now: now) {
                switch finding {
                case .handshakeTimedOut(let connection):
                    late.append(connection)
                    _ = lose(connection, .timedOut)
                case .slow(let connection): slow.append(connection)
                case .suspect(let connection): suspects.append(connection)
                case .silent(let connection): _ = lose(connection, .silent)
                }
            }
            perform()
        }
        now = target
        return late
    }

    var openCount: Int {
        done.count { action in
            if case .open = action { true } else { false }
        }
    }

    /// The upstreams that connections were opened to, oldest first.
    var opened: [Int] {
        done.compactMap { action in
            if case .open(_, let upstream) = action { upstream } else { nil }
        }
    }

    var closed: [ConnectionID] {
        done.compactMap { action in
            if case .close(let connection) = action { connection } else { nil }
        }
    }
}
