import NetAddress
import Testing

@testable import Daemon
@testable import Upstream

@Suite struct StatusReportTests {
    private func status(
        _ healths: [UpstreamHealth], failure: String = "", tls: String? = nil
    ) -> WorkerStatus {
        let reports = healths.enumerated().map { place, health in
            let server = UpstreamServer(
                endpoint: Endpoint(address: .loopback, port: UInt16(1000 + place)),
                name: ServerName("dot.example"), pins: [])
            var report = UpstreamReport(
                group: .main, target: .server(server), server: server, health: health,
                lastFailure: health == .down ? .refused : nil, failureText: failure)
            report.standing = UpstreamStanding(rawValue: health.rawValue) ?? .untried
            return report
        }
        return WorkerStatus(upstreams: reports, tls: tls)
    }

    @Test func beginsWithNothingKnown() {
        #expect(StatusReport(workers: 2).text == "Starting")
    }

    @Test func namesEveryUpstreamWithItsHealth() {
        var report = StatusReport(workers: 1)
        report.update(
            worker: 0, status([.healthy, .down, .untried], failure: "refused", tls: "TLS 1.3"))
        #expect(
            report.text
                == "Forwarding over TLS 1.3: 127.0.0.1:1000#dot.example healthy, "
                + "127.0.0.1:1001#dot.example down (refused), 127.0.0.1:1002#dot.example untried")
    }

    @Test(arguments: [
        ([UpstreamHealth.healthy, .down], "down (gone)"), ([.down, .healthy], "down (gone)"),
        ([.untried, .healthy], "healthy"), ([.untried, .untried], "untried"),
    ])
    func showsTheWorkerThatIsWorstOff(_ views: ([UpstreamHealth], String)) {
        var report = StatusReport(workers: 2)
        for (worker, health) in views.0.enumerated() {
            report.update(worker: worker, status([health], failure: "gone"))
        }
        #expect(report.text == "Forwarding: 127.0.0.1:1000#dot.example \(views.1)")
    }

    /// One upstream that was asked this and did so.
    private func status(
        _ standing: UpstreamStanding, queries: UInt64, answers: UInt64, failures: UInt64,
        median: Interval
    ) -> WorkerStatus {
        var status = status([.healthy], failure: "gone")
        status.upstreams[0].standing = standing
        status.upstreams[0].figures.queries = queries
        status.upstreams[0].figures.answers = answers
        status.upstreams[0].figures.failures = failures
        status.upstreams[0].figures.median = median
        status.upstreams[0].figures.percentile95 = median * 3
        return status
    }

    @Test func addsUpWhatTheWorkersCounted() {
        var report = StatusReport(workers: 2)
        report.update(
            worker: 0,
            status(.healthy, queries: 10, answers: 9, failures: 1, median: .milliseconds(12)))
        report.update(
            worker: 1,
            status(.probing, queries: 5, answers: 2, failures: 3, median: .milliseconds(40)))
        #expect(
            report.text
                == "Forwarding: 127.0.0.1:1000#dot.example probing (gone) "
                + "[12.0 ms, 95 % in 36.0 ms, 15 queries, 4 failures]")
    }

    @Test func saysNothingOfTimesWithoutAnAnswer() {
        var report = StatusReport(workers: 1)
        report.update(
            worker: 0, status(.down, queries: 3, answers: 0, failures: 3, median: .zero))
        #expect(
            report.text
                == "Forwarding: 127.0.0.1:1000#dot.example down (gone) [3 queries, 3 failures]")
    }

    @Test func saysOnlyWhatIsNew() {
        var report = StatusReport(workers: 1)
        report.update(worker: 0, status([.healthy]))
        let first = report.changedText()
        let second = report.changedText()
        report.refusal = "dotproxy.conf:1: no"
        let third = report.changedText()
        #expect(first == "Forwarding: 127.0.0.1:1000#dot.example healthy")
        #expect(second == nil)
        #expect(
            third
                == "Reload refused (dotproxy.conf:1: no); the old configuration is in use. "
                + "Forwarding: 127.0.0.1:1000#dot.example healthy")
    }
}
