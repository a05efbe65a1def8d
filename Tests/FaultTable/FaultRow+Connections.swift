import NetAddress
import TestServers

// Faults of connections that were up.
extension FaultRow {
    static let parallel = FaultRow(
        name: "parallel", fault: "100 parallel queries, upstream takes 200 ms",
        target: "at most 1 new connection, p99 at most 215 ms"
    ) { bench in
        let server = try bench.server()
        return try with(bench, [server.endpoint]) { subject in
            server.behavior = Behavior().with { $0.delay = .fixed(.milliseconds(200)) }
            let before = server.record
            let tally = Tally(
                try Survey(subject.endpoint, count: 100, every: .zero, zone: "parallel.example"))
            let connections = server.record.connections(since: before)
            return Finding(
                text: "\(connections) new; \(tally.losses); p99 \(tally.percentile99.words)",
                meetsTarget: tally.bad == 0 && connections <= 1
                    && tally.percentile99 <= .milliseconds(215) + bench.slack)
        }
    }

    static let idleClose = FaultRow(
        name: "idle-close", fault: "server closed the idle connection, next query",
        target: "at most 20 ms, resumed"
    ) { bench in
        let server = try bench.server()
        return try with(bench, [server.endpoint]) { subject in
            server.closeConnections()
            _ = server.wait { $0.connectionsOpen == 0 }
            let before = server.record
            let tally = Tally(try Survey(subject.endpoint, count: 1, zone: "idle.example"))
            let resumed = server.record.handshakesResumed - before.handshakesResumed
            let full = server.record.handshakesFull - before.handshakesFull
            return Finding(
                text: "\(tally.losses); \(tally.slowest.words), "
                    + (resumed > 0 && full == 0 ? "resumed" : "not resumed"),
                meetsTarget: tally.bad == 0 && tally.slowest <= .milliseconds(20) + bench.slack
                    && resumed == 1 && full == 0)
        }
    }

    static let silentConnections = FaultRow(
        name: "silent", fault: "open connections go silent, 4 queries/s for 30 s",
        target: "0 bad, the slowest at most 1.2 s"
    ) { bench in
        let server = try bench.server()
        return try with(bench, [server.endpoint]) { subject in
            let first = server.record.connectionsAccepted
            server.behavior = Behavior().with {
                $0.answers = { query in
                    query.connection < first ? [] : [AnswerBook().answer(to: query.message)]
                }
            }
            let tally = Tally(
                try Survey(
                    subject.endpoint, count: bench.count(120), every: .milliseconds(250),
                    zone: "silent.example"))
            return Finding(
                text: "\(tally.losses); max \(tally.slowest.words)",
                meetsTarget: tally.bad == 0 && tally.slowest <= .milliseconds(1200) + bench.slack)
        }
    }

    static func closesAfter(_ answers: Int) -> FaultRow {
        FaultRow(
            name: "close-\(answers)",
            fault: "server closes after \(answers) answer(s), 50 queries/s",
            target: "0 bad, handshakes resumed"
        ) { bench in
            let server = try bench.server()
            return try with(bench, [server.endpoint]) { subject in
                let before = server.record
                server.behavior = Behavior().with { $0.ending = .afterAnswers(answers) }
                let tally = Tally(
                    try Survey(
                        subject.endpoint, count: bench.count(300), every: bench.pause(20),
                        zone: "close-\(answers).example"))
                let resumed = server.record.handshakesResumed - before.handshakesResumed
                let all = server.record.handshakes(since: before)
                return Finding(
                    text:
                        "\(tally.losses); \(resumed) of \(all) resumed; max \(tally.slowest.words)",
                    // One may be a health check's.
                    meetsTarget: tally.bad == 0 && resumed + 1 >= all)
            }
        }
    }

    static let slowAnswers = FaultRow(
        name: "slow",
        fault: "400 queries at 20/s, 10 % of the preferred upstream's answers take 400 ms",
        target: "0 new handshakes, p99 at most 150 ms, at most 12 % more queries"
    ) { bench in
        let servers = try [bench.server(), bench.server()]
        return try with(bench, servers.map(\.endpoint)) { subject in
            // So that both are connected to, as they are after a while.
            servers[0].behavior = Behavior().with { $0.delay = .fixed(.milliseconds(400)) }
            _ = try Survey(subject.endpoint, count: 1, zone: "second.example")
            servers[0].behavior = Behavior().with {
                // Not at random, for of few queries that would often be more.
                $0.delay = .oneIn(10, .milliseconds(400))
            }
            let before = servers.map(\.record)
            let count = bench.count(400)
            let tally = Tally(try Survey(subject.endpoint, count: count, zone: "slow.example"))
            let after = servers.map(\.record)
            let handshakes = zip(after, before).reduce(0) { $0 + $1.0.handshakes(since: $1.1) }
            let queries = zip(after, before).reduce(0) { $0 + $1.0.queries(since: $1.1) }
            let more = (queries - count) * 100 / count
            return Finding(
                text: "\(tally.losses); \(handshakes) handshakes, \(more) % more; "
                    + "p99 \(tally.percentile99.words)",
                meetsTarget: tally.bad == 0 && handshakes == 0 && more <= 12
                    && tally.percentile99 <= .milliseconds(150) + bench.slack)
        }
    }
}
