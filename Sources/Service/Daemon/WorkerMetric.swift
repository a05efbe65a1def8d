internal import Control
internal import DNSText
internal import DNSWire
internal import Forwarder
internal import Frontend

/// A metric that is the sum of what each worker has counted; a new counter is a row of `all`.
struct WorkerMetric: Sendable {
    typealias Sample = (labels: [(String, String)], number: @Sendable (WorkerStatus) -> UInt64)

    let name: String
    let kind: MetricFamily.Kind
    let help: String
    let samples: [Sample]

    static let all: [WorkerMetric] = [
        labeled(
            "dotproxy_queries_total", "Queries taken, by how they came", "transport",
            [
                ("udp", { $0.counters.queries &- $0.counters.streamQueries }),
                ("tcp", { $0.counters.streamQueries }),
            ]),
        labeled(
            "dotproxy_answers_total", "Answers given, by where they came from", "source",
            [
                ("memory", { $0.counters.cacheHits }), ("stale", { $0.counters.stale }),
                ("upstream", { $0.counters.answered }), ("failed", { $0.counters.failed }),
                ("expired", { $0.counters.expired }), ("overloaded", { $0.counters.overloaded }),
                ("refused", { $0.counters.refused }), ("local", { $0.counters.local }),
                ("filtered", { $0.counters.filtered }), ("screened", { $0.counters.screened }),
            ]),
        labeled(
            "dotproxy_responses_total", "Answers sent, by RCODE", "rcode",
            ResponseCounts.codes.map { code in
                (ResponseCode(rawValue: UInt16(code)).text, { $0.responses?[code] ?? 0 })
            }),
        counter(
            "dotproxy_dropped_messages_total", "Messages from clients that deserved no answer"
        ) { $0.counters.dropped },
        counter(
            "dotproxy_denied_messages_total", "Messages from clients that may not ask"
        ) { $0.counters.denied },
        counter(
            "dotproxy_limited_messages_total", "Messages from clients that ask too often"
        ) { $0.counters.limited },
        labeled(
            "dotproxy_zone_transfers_total", "Zone transfers of routes, by what became of them",
            "outcome",
            [
                ("complete", { $0.transfers.complete }), ("failed", { $0.transfers.failed }),
                ("abandoned", { $0.transfers.abandoned }), ("refused", { $0.transfers.refused }),
            ]),
        counter(
            "dotproxy_joined_queries_total", "Queries that waited for an equal one under way"
        ) { $0.counters.joined },
        counter(
            "dotproxy_upstream_queries_sent_total",
            "Queries sent to upstreams, those asked again included"
        ) { $0.counters.sent },
        counter(
            "dotproxy_hedged_queries_total", "Queries asked of a second upstream for slowness"
        ) { $0.counters.hedged },
        counter(
            "dotproxy_hedged_queries_won_total", "Those of them where the second answer came first"
        ) { $0.counters.hedgesWon },
        counter(
            "dotproxy_prefetched_answers_total", "Answers fetched again ahead of their end"
        ) { $0.counters.prefetched },
        counter(
            "dotproxy_discarded_answers_total", "Messages from upstreams that were not believed"
        ) { $0.counters.discarded },
        counter(
            "dotproxy_oversized_datagrams_total", "Datagrams dropped for being longer than a query"
        ) { $0.frontend { $0.oversized } },
        counter(
            "dotproxy_unsent_datagrams_total", "Answers over UDP that the kernel did not take"
        ) { $0.frontend { $0.unsentDatagrams } },
        counter("dotproxy_tcp_clients_accepted_total", "TCP clients that have connected") {
            $0.frontend { $0.clients }
        },
        counter(
            "dotproxy_tcp_clients_evicted_total", "TCP clients closed to make room for others"
        ) { $0.frontend { $0.evicted } },
        counter(
            "dotproxy_accept_pauses_total", "Pauses for want of descriptors or memory"
        ) { $0.frontend { $0.acceptPauses } },
        counter("dotproxy_receive_errors_total", "Receive and accept calls that failed") {
            $0.frontend { $0.errors }
        },
        gauge("dotproxy_queries_under_way", "Queries that wait for their answer") {
            UInt64($0.pendingQueries)
        },
        gauge("dotproxy_tcp_clients", "TCP clients that are connected") {
            UInt64($0.streamClients)
        },
    ]

    private static func counter(
        _ name: String, _ help: String, _ number: @escaping @Sendable (WorkerStatus) -> UInt64
    ) -> WorkerMetric {
        WorkerMetric(name: name, kind: .counter, help: help, samples: [([], number)])
    }

    private static func gauge(
        _ name: String, _ help: String, _ number: @escaping @Sendable (WorkerStatus) -> UInt64
    ) -> WorkerMetric {
        WorkerMetric(name: name, kind: .gauge, help: help, samples: [([], number)])
    }

    private static func labeled(
        _ name: String, _ help: String, _ label: String,
        _ rows: [(String, @Sendable (WorkerStatus) -> UInt64)]
    ) -> WorkerMetric {
        WorkerMetric(
            name: name, kind: .counter, help: help,
            samples: rows.map { ([(label, $0.0)], $0.1) })
    }

    /// The metric over these workers.
    func family(_ snapshot: ServiceSnapshot) -> MetricFamily {
        MetricFamily(
            name, kind, help,
            samples.map { MetricFamily.Sample($0.labels, .count(snapshot.sum($0.number))) })
    }
}

extension WorkerStatus {
    fileprivate func frontend(_ number: (FrontendCounters) -> UInt64) -> UInt64 {
        frontend.reduce(0) { $0 &+ number($1) }
    }
}
