import DNSCache
import Foundation
import NetAddress
import TestSupport
import Testing

@testable import Daemon

/// What is counted and what is shown of it agree.
@Suite struct MetricsTests {
    private static let snapshot = ServiceSnapshot(
        version: "1", now: Instant(microseconds: 2), startedAt: Instant(microseconds: 1),
        isStopping: false, listening: [], lastReload: nil, workers: [WorkerStatus()],
        cacheSize: 1, cache: CacheStatistics())

    /// The names that samples have, suffixes of histograms included.
    private static var names: Set<String> {
        Set(
            snapshot.metrics.flatMap { family in
                family.kind == .histogram
                    ? ["_bucket", "_sum", "_count"].map { family.name + $0 } : [family.name]
            })
    }

    @Test func everyMetricHasItsOwnNameAndHelp() {
        let families = Self.snapshot.metrics
        #expect(Set(families.map(\.name)).count == families.count)
        for family in families {
            #expect(!family.help.isEmpty && !family.help.hasSuffix("."))
            #expect((family.kind == .counter) == family.name.hasSuffix("_total"), "\(family.name)")
        }
    }

    @Test func everyMetricOfTheDashboardExists() throws {
        let text = try repositoryFile("packaging/grafana/dotproxy.json")
        let json = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
        let panels = try #require(json?["panels"] as? [[String: Any]])
        let targets = panels.flatMap { $0["targets"] as? [[String: Any]] ?? [] }
        let expressions = targets.compactMap { $0["expr"] as? String }
        #expect(expressions.count >= 20)
        for expression in expressions {
            let words = expression.split { !($0.isLetter || $0.isNumber || $0 == "_") }
            let used = words.filter { $0.hasPrefix("dotproxy_") || $0.hasPrefix("process_") }
            #expect(!used.isEmpty)
            for name in used { #expect(Self.names.contains(String(name)), "\(name)") }
        }
    }
}
