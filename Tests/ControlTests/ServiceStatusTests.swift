import Control
import NetAddress
import Testing

@Suite struct ServiceStatusTests {
    private static func status(
        _ states: ServiceStatus.Upstream.State..., change: (inout ServiceStatus) -> Void = { _ in }
    ) -> ServiceStatus {
        var status = ServiceStatus()
        status.version = "1.2.3"
        status.workers = 2
        status.listening = ["127.0.0.53:53"]
        status.upstreams = states.enumerated().map { number, state in
            var upstream = ServiceStatus.Upstream()
            upstream.server = "192.0.2.\(number):853#a.test"
            upstream.state = state
            return upstream
        }
        change(&status)
        return status
    }

    @Test func conditions() {
        #expect(Self.status(.healthy).condition == .healthy)
        #expect(Self.status(.healthy, .untried).condition == .healthy)
        #expect(Self.status(.untried).condition == .healthy)
        #expect(Self.status(.healthy, .down).condition == .degraded)
        #expect(Self.status(.degraded).condition == .degraded)
        #expect(Self.status(.down, .down).condition == .down)
        #expect(Self.status().condition == .down)
        #expect(Self.status(.healthy) { $0.silentWorkers = [1] }.condition == .degraded)
        #expect(Self.status(.healthy) { $0.silentWorkers = [0, 1] }.condition == .down)
        #expect(Self.status(.healthy) { $0.isStopping = true }.condition == .down)
        let refused = ServiceStatus.Reload(ago: .zero, problems: ["a.conf:1: no"])
        #expect(Self.status(.healthy) { $0.reload = refused }.condition == .degraded)
    }

    @Test func textTellsEverything() {
        let status = Self.status(.healthy, .down) { status in
            status.uptime = .seconds(11_530)
            status.upstreams[0].encryption = .init(
                version: "1.3", cipher: "TLS_AES_128_GCM_SHA256", verifiedBy: "name a.test",
                isResumed: true)
            status.upstreams[0].answers = 12
            status.upstreams[0].roundTrip = (.milliseconds(12), .milliseconds(40))
            status.upstreams[1].failures = 3
            status.upstreams[1].lastFailure = .init(words: "Connection refused", ago: .seconds(61))
            status.cache = ServiceStatus.Cache()
            status.cache?.size = 16 << 20
            status.cache?.used = 2048
            status.cache?.entries = 9
            status.queries.total = 40
            status.queries.fromMemory = 30
            status.reload = .init(ago: .seconds(2), problems: [])
        }
        #expect(
            status.text() == """
                dotproxy 1.2.3  degraded
                running for 3 h 12 min, 2 workers, on 127.0.0.53:53

                healthy  192.0.2.0:853#a.test
                    TLS 1.3, TLS_AES_128_GCM_SHA256, verified by name a.test, resumed
                    12 answers, round trip 12.0 ms, 95 % within 40.0 ms
                down  192.0.2.1:853#a.test
                    3 failures
                    failed 1 min 1 s ago: Connection refused

                cache    9 answers in 2 KiB of 16 MiB, 75.0 % of queries from memory, 0 stale
                queries  40 since the start, 0 under way, 0 not answered by any server
                reload   2 s ago, configuration taken

                """)
        let colored = status.text(colored: true)
        #expect(colored.contains("\u{1b}[1;33mdegraded\u{1b}[0m"))
        #expect(!status.text().contains("\u{1b}"))
    }
}
