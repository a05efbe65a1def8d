import NetAddress
import TestServers

// Upstreams that cannot be used for a while, or at all.
extension FaultRow {
    /// The pace at which a subject is asked whether it has noticed a return.
    private static let pace = Interval.milliseconds(20)

    /// How long after the first query of a survey the first right answer was asked for.
    private static func lag(_ survey: Survey) -> Interval? {
        survey.outcomes.firstIndex(of: .right).map { survey.sent[$0] - survey.sent[0] }
    }

    private static func words(_ lag: Interval?) -> String {
        lag.map { "back after \($0.words)" } ?? "not back in 30 s"
    }

    /// Asks until an answer is right, for half a minute at most.
    private static func waitForReturn(_ subject: any Subject, zone: String) throws -> Interval? {
        for round in 0..<UInt64(20) {
            let survey = try Survey(
                subject.endpoint, count: 75, every: pace, zone: "r\(round).\(zone)",
                patience: .milliseconds(100))
            if let lag = lag(survey) { return lag + .milliseconds(1600 * round) }
        }
        return nil
    }

    static let refused = FaultRow(
        name: "refused", fault: "upstream refused for 20 s, then back",
        target: "SERVFAIL with EDE within 10 ms, right answers within 0.5 s"
    ) { bench in
        let server = try bench.server()
        return try with(bench, [server.endpoint]) { subject in
            server.stop()
            let tally = Tally(
                try Survey(
                    subject.endpoint, count: bench.count(80), every: .milliseconds(250),
                    zone: "refused.example"))
            try server.start()
            let lag = try waitForReturn(subject, zone: "back.example")
            return Finding(
                text:
                    "\(tally.losses), \(tally.explained) with EDE, p99 \(tally.percentile99.words); "
                    + words(lag),
                meetsTarget: tally.explained == tally.count
                    && tally.percentile99 <= .milliseconds(10) + bench.slack
                    && lag ?? .seconds(30) <= .milliseconds(500) + bench.slack)
        }
    }

    static func blackHole(_ layer: String) -> FaultRow {
        let faults = [
            "tcp": "drops TCP", "tls": "never shakes hands", "answers": "answers nothing",
        ]
        return FaultRow(
            name: "black-hole-\(layer)",
            fault: "the preferred one of 2 upstreams \(faults[layer] ?? ""), 4 queries/s for 30 s",
            target: "0 bad, p99 at most 300 ms, the worst at most 1 s"
        ) { bench in
            let good = try bench.server()
            let bad = try bench.server(layer == "tls" ? .handshakeStall : .blackHole)
            let hole = try layer == "tcp" ? SYNBlackHole() : nil
            return try with(bench, [hole?.endpoint ?? bad.endpoint, good.endpoint], warm: false) {
                let count = bench.count(120)
                let tally = Tally(
                    try Survey(
                        $0.endpoint, count: count, every: .milliseconds(250),
                        zone: "hole-\(layer).example"))
                return Finding(
                    text: "\(tally.losses); \(tally.times)",
                    meetsTarget: tally.bad == 0 && tally.slowest <= .seconds(1) + bench.slack
                        // Of few queries the first is more than one in a hundred.
                        && (count < 100 || tally.percentile99 <= .milliseconds(300) + bench.slack))
            }
        }
    }

    static let preferredReturns = FaultRow(
        name: "returns", fault: "the preferred one of 2 upstreams dies and returns, 50 queries/s",
        target: "0 bad, back on it within 1 s"
    ) { bench in
        let servers = try [bench.server(), bench.server()]
        return try with(bench, servers.map(\.endpoint)) { subject in
            let endpoint = subject.endpoint
            let pause = bench.seconds(4)
            let asked = Guarded<Result<Survey, any Error>?>(nil)
            let count = Int(pause.microseconds / pace.microseconds) * 3
            try BackgroundThread.start {
                let result = Result {
                    try Survey(endpoint, count: count, every: pace, zone: "returns.example")
                }
                asked.withLock { $0 = result }
            }
            _ = asked.wait(atMost: pause) { $0 != nil }
            servers[0].stop(.abrupt)
            _ = asked.wait(atMost: pause) { $0 != nil }
            servers[0].clearRecord()
            try servers[0].start()
            let start = Instant.now
            _ = asked.wait(atMost: .seconds(60)) { $0 != nil }
            guard let tally = try asked.withLock({ $0 })?.get() else {
                return Finding(text: "no end", meetsTarget: false)
            }
            let lag = servers[0].record.queries.first.map { $0.time - start }
            return Finding(
                text: "\(Tally(tally).losses); \(words(lag)); max \(Tally(tally).slowest.words)",
                meetsTarget: Tally(tally).bad == 0 && lag ?? .seconds(30) <= .seconds(1))
        }
    }

    static func badCertificate(_ fault: FaultMode) -> FaultRow {
        let words: [FaultMode: String] = [
            .wrongName: "for another name", .expired: "expired", .selfSigned: "of nobody known",
        ]
        return FaultRow(
            name: "certificate-\(fault.rawValue)",
            fault: "certificate \(words[fault] ?? ""), 10 queries/s for 10 s",
            target: "0 queries leaked, at most 7 handshakes, SERVFAIL with EDE within 10 ms"
        ) { bench in
            let server = try bench.server(fault)
            return try with(bench, [server.endpoint], warm: false) { subject in
                let tally = Tally(
                    try Survey(
                        subject.endpoint, count: bench.count(100), every: .milliseconds(100),
                        zone: "certificate.example"))
                let (leaked, tries) =
                    (server.record.queriesReceived, server.record.connectionsAccepted)
                return Finding(
                    text: "\(leaked) leaked, \(tries) handshakes; \(tally.losses), "
                        + "\(tally.explained) with EDE, p99 \(tally.percentile99.words)",
                    meetsTarget: leaked == 0 && tries <= 7 && tally.explained == tally.count
                        && tally.percentile99 <= .milliseconds(10) + bench.slack)
            }
        }
    }

    static let link = FaultRow(
        name: "link", fault: "the link is down for 5 s and up again, 20 queries/s",
        target: "right answers within 0.5 s", needsNetwork: true
    ) { bench in
        let server = try bench.server(
            options: DoTServerOptions().with { $0.address = TestNetwork.server })
        return try with(bench, [server.endpoint]) { subject in
            try TestNetwork.setLink(up: false)
            let tally = Tally(
                try Survey(
                    subject.endpoint, count: bench.count(100), every: .milliseconds(50),
                    zone: "link.example", patience: .milliseconds(10)))
            try TestNetwork.setLink(up: true)
            let lag = try waitForReturn(subject, zone: "up.example")
            return Finding(
                text: "\(tally.count - tally.right) of \(tally.count) bad meanwhile; \(words(lag))",
                meetsTarget: lag ?? .seconds(30) <= .milliseconds(500) + bench.slack)
        }
    }
}
