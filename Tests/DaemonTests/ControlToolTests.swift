import LinuxIO
import NetAddress
import TestServers
import TestSupport
import Testing

/// The tool against the daemon, both as they are built.
@Suite struct ControlToolTests {
    /// A daemon with a control socket, and the server that it asks.
    private final class Rig {
        let server: DoTServer
        let daemon: DaemonProcess
        let socket: String
        private let folder: TemporaryFolder

        init(_ sections: String = "") throws {
            folder = try TemporaryFolder()
            // Named to the folder so that it goes with it.
            socket = try folder.write([], as: "control")
            PrivateFile.remove(path: socket)
            server = try Fixture.server()
            daemon = try DaemonProcess(Self.configuration(server, socket) + sections)
            _ = try daemon.client.udp("first.example")
        }

        static func configuration(_ server: DoTServer, _ socket: String) throws -> String {
            try Fixture.caching([server]) + "[Control]\nSocket=\(socket)\n"
        }

        func tool(_ arguments: String...) throws -> ControlTool {
            switch arguments.count {
            case 1: try ControlTool.run(arguments[0], socket: socket)
            case 2: try ControlTool.run(arguments[0], arguments[1], socket: socket)
            default: try ControlTool.run(arguments[0], arguments[1], arguments[2], socket: socket)
            }
        }
    }

    @Test func statusTellsHealthyFromDegraded() async throws {
        let (healthy, json, degraded) = try await Crew.run {
            let rig = try Rig()
            let healthy = try rig.tool("status")
            let json = try rig.tool("status", "--json")
            try rig.daemon.rewrite("[Upstream]\nServr=x\n")
            _ = try rig.tool("reload")
            return (healthy, json, try rig.tool("status"))
        }
        #expect(healthy.code == 0)
        #expect(healthy.output.hasPrefix("dotproxy 0.1.0  healthy\nrunning for "))
        #expect(healthy.output.contains("verified by name dot.example"))
        #expect(healthy.output.contains("1 answers in "))
        #expect(healthy.output.contains("    1 answer, round trip "))
        #expect(json.output.hasPrefix(#"{"condition":"healthy","version":"#))
        #expect(json.output.contains(#""full_handshakes":1"#))
        #expect(degraded.code == 1)
        #expect(degraded.output.contains("REFUSED, the old configuration is in use: "))
    }

    @Test(arguments: ["status", "ping", "ready"])
    func aServiceThatIsNotThereIsDown(_ command: String) async throws {
        let tool = try await Crew.run {
            try ControlTool.run(command, socket: "/nonexistent/control")
        }
        #expect(tool.code == 2)
        #expect(tool.complaint.hasPrefix("dotproxyctl: /nonexistent/control: No such file"))
    }

    @Test func whatIsDegradedIsReady() async throws {
        let (healthy, degraded) = try await Crew.run {
            let rig = try Rig()
            let healthy = try rig.tool("ready")
            try rig.daemon.rewrite("[Upstream]\nServr=x\n")
            _ = try rig.tool("reload")
            return (healthy, try rig.tool("ready"))
        }
        #expect(healthy.code == 0)
        #expect(healthy.output == "healthy\n")
        #expect(degraded.code == 0)
        #expect(degraded.output == "degraded\n")
    }

    @Test func whatCanAskNobodyIsNotReady() async throws {
        let tool = try await Crew.run {
            let rig = try Rig()
            try rig.daemon.rewrite(
                "[Upstream]\nServer=127.0.0.1:1#dot.example\n[Control]\nSocket=\(rig.socket)\n")
            _ = try rig.tool("reload")
            _ = try rig.daemon.client.udp("second.example")
            return try rig.tool("ready")
        }
        #expect(tool.code == 2)
        #expect(tool.output == "down\n")
    }

    @Test func reloadShowsEveryMistakeWithItsPlace() async throws {
        let (bad, good) = try await Crew.run {
            let rig = try Rig()
            try rig.daemon.rewrite("[Upstream]\nServr=x\n[Nonsense]\n")
            let bad = try rig.tool("reload")
            try rig.daemon.rewrite(Rig.configuration(rig.server, rig.socket))
            return (bad, try rig.tool("reload"))
        }
        #expect(bad.code == 1)
        #expect(bad.output.contains("dotproxy.conf:2:1: "))
        #expect(bad.output.contains("dotproxy.conf:3:"))
        #expect(bad.complaint == "dotproxyctl: not reloaded, the old configuration is in use\n")
        #expect(good.code == 0)
        #expect(good.output == "1 upstream(s)\n")
    }

    @Test func flushForgetsWhatIsNamed() async throws {
        let (one, rest, asked) = try await Crew.run {
            let rig = try Rig()
            _ = try rig.daemon.client.udp("a.example")
            _ = try rig.daemon.client.udp("b.a.example")
            let one = try rig.tool("flush", "A.Example", "--subtree")
            _ = try rig.daemon.client.udp("b.a.example")
            _ = try rig.daemon.client.udp("first.example")
            let asked = rig.server.record.queriesReceived
            return (one, try rig.tool("flush"), asked)
        }
        #expect(one.output == "forgot 2 answers\n")
        #expect(asked == 4)
        #expect(rest.output == "forgot 2 answers\n")
    }

    @Test func statsCountWhatWasAsked() async throws {
        let (text, prometheus, json) = try await Crew.run {
            let rig = try Rig()
            _ = try rig.daemon.client.udp("first.example")
            _ = try rig.daemon.client.tcp("second.example")
            return (
                try rig.tool("stats"), try rig.tool("metrics"), try rig.tool("stats", "--json")
            )
        }
        for line in [
            #"dotproxy_queries_total{transport="udp"} 2"#,
            #"dotproxy_queries_total{transport="tcp"} 1"#,
            #"dotproxy_answers_total{source="memory"} 1"#,
            #"dotproxy_answers_total{source="upstream"} 2"#,
            #"dotproxy_responses_total{rcode="NOERROR"} 3"#, "dotproxy_cache_hits_total 1",
            "# TYPE dotproxy_queries_total counter",
        ] {
            #expect(prometheus.output.contains("\(line)\n"), "\(line)")
        }
        #expect(text.output.contains(#"dotproxy_queries_total{transport="udp"} "#))
        #expect(json.output.hasPrefix(#"{"dotproxy_build_info":{"type":"gauge""#))
    }

    @Test func answersOfRoutesHaveTheirAge() async throws {
        let (first, second) = try await Crew.run {
            let routed = try Fixture.server()
            let rig = try Rig("[Route corp.test]\nServer=\(routed.endpoint)#dot.example\n")
            return try (rig.tool("query", "www.corp.test"), rig.tool("query", "www.corp.test"))
        }
        #expect(first.output.contains(";; from 127.0.0.1:"))
        #expect(second.output.contains(";; from memory, "))
        #expect(second.output.contains(" s left\n"))
    }

    @Test func statsCountZoneTransfers() async throws {
        let metrics = try await Crew.run {
            let whole = try PlainServer(.transfers(3, breaksOff: false))
            let broken = try PlainServer(.transfers(3, breaksOff: true))
            let rig = try Rig(
                "[Route whole.test]\nTransport=plain\nServer=\(whole.endpoint)\n"
                    + "[Route broken.test]\nTransport=plain\nServer=\(broken.endpoint)\n")
            for name in ["whole.test", "broken.test"] as [TestName] {
                let client = try StreamClient(to: rig.daemon.endpoint)
                try client.send(PlainQuery(name, 252))
                var count = 0
                while count < 3, client.receive(timeout: .seconds(5)) != nil { count += 1 }
            }
            return try rig.tool("metrics").output
        }
        for line in ["complete\"} 1", "failed\"} 1", "abandoned\"} 0", "refused\"} 0"] {
            let metric = #"dotproxy_zone_transfers_total{outcome=""# + line
            #expect(metrics.contains("\(metric)\n"), "\(line)")
        }
    }

    @Test func answersHTTP() async throws {
        let answers = try await Crew.run {
            let rig = try Rig()
            return try ["/metrics", "/healthz", "/readyz", "/"].map {
                try ControlTool.run(
                    "metrics", "--http", socket: rig.socket, input: "GET \($0) HTTP/1.1\r\n\r\n"
                ).output
            }
        }
        #expect(answers[0].hasPrefix("HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4"))
        #expect(answers[0].contains("\ndotproxy_workers 1\n"))
        #expect(answers[1].hasSuffix("\r\n\r\nok\n"))
        #expect(answers[2].hasSuffix("\r\n\r\nhealthy\n"))
        #expect(answers[3].hasPrefix("HTTP/1.1 404 Not Found\r\n"))
    }

    @Test func logLevelAndPing() async throws {
        let (level, bad, ping) = try await Crew.run {
            let rig = try Rig()
            return (
                try rig.tool("log-level", "debug"), try rig.tool("log-level", "loud"),
                try rig.tool("ping")
            )
        }
        #expect(level.output == "debug, was error\n")
        #expect(bad.code == 1)
        #expect(bad.complaint.contains("'loud' is not one of: error, warning"))
        #expect(ping.output == "dotproxy 0.1.0\n")
    }

    @Test func queryTellsHowTheAnswerCame() async throws {
        let (first, second, short, long, bad) = try await Crew.run {
            let rig = try Rig()
            return (
                try rig.tool("query", "asked.example"), try rig.tool("query", "Asked.Example"),
                try rig.tool("query", "asked.example", "--short"),
                try rig.tool("query", "txt-20000.example", "TXT"),
                try rig.tool("query", "a..b")
            )
        }
        #expect(first.code == 0)
        #expect(first.output.hasPrefix(";; NOERROR, flags: qr rd ra\n;; asked.example. IN A\n"))
        #expect(first.output.contains("\n;; from 127.0.0.1:"))
        #expect(first.output.contains(", round trip "))
        #expect(second.output.contains("\n;; from memory, "))
        #expect(short.output == "\(AnswerBook.address4("asked.example"))\n")
        #expect(long.output.utf8.count > 20_000)
        #expect(bad.code == 1)
        #expect(bad.complaint == "dotproxyctl: 'a..b' is not a domain name\n")
    }

    @Test func queryTellsWhyThereIsNoAnswer() async throws {
        let tool = try await Crew.run {
            let rig = try Rig()
            rig.server.stop()
            _ = try rig.tool("query", "some.example")
            return try rig.tool("query", "other.example")
        }
        #expect(tool.output.hasPrefix(";; SERVFAIL, flags: qr rd ra\n"))
        #expect(tool.output.contains("\n;; extended error 23 \"127.0.0.1:"))
        #expect(tool.output.contains("\n;; no server gave an answer\n"))
    }

    @Test func cacheDumpShowsWhatIsInMemory() async throws {
        let dump = try await Crew.run {
            let rig = try Rig()
            for number in 0..<300 {
                _ = try rig.daemon.client.udp(TestName("n\(number).example"))
            }
            return try rig.tool("cache-dump")
        }
        let lines = dump.output.split(separator: "\n")
        #expect(lines.count { $0.hasPrefix("; ") } == 301)
        #expect(lines.contains { $0.hasPrefix("; n7.example. IN A: NOERROR, ") })
        #expect(lines.contains { $0.hasPrefix("n7.example. ") && $0.contains(" IN A ") })
    }

    /// The bounds of the socket, seen from the clients of DNS.
    @Test func queriesAreAnsweredWhileTheSocketIsAbused() async throws {
        let (answered, status) = try await Crew.run {
            let rig = try Rig()
            let flood = Crew.start { [socket = rig.socket] in
                for number in 0..<10_000 {
                    let client = try LocalSocket.connect(path: socket, patience: .seconds(10))
                    let line = number % 3 == 0 ? "status\n" : number % 3 == 1 ? "stat" : "\u{0}\n"
                    _ = try? client.send(Array(line.utf8).span.bytes)
                }
            }
            var answered = 0
            for number in 0..<200
            where try rig.daemon.client.udp(TestName("n\(number).example")) != nil {
                answered += 1
            }
            try flood.wait()
            return (answered, try rig.tool("status"))
        }
        #expect(answered == 200)
        #expect(status.code == 0)
    }
}
