internal import Control
internal import DNSCache
internal import FrameStream
internal import LinuxIO
internal import NetAddress
internal import Upstream

extension ServiceSnapshot {
    /// Everything that is counted.
    var metrics: [MetricFamily] {
        service + WorkerMetric.all.map { $0.family(self) } + upstreamMetrics + cacheMetrics
            + tapMetrics + process
    }

    private var service: [MetricFamily] {
        [
            MetricFamily(
                "dotproxy_build_info", .gauge, "Always 1; the version is a label",
                [.init([("version", version)], .count(1))]),
            gauge("dotproxy_workers", "Threads that serve clients", workers.count),
            gauge(
                "dotproxy_silent_workers", "Workers that did not say how they are in time",
                workers.count { $0 == nil }),
            gauge(
                "dotproxy_last_reload_successful", "Whether the last reload was taken, 1 or 0",
                lastReload?.problems.isEmpty == false ? 0 : 1),
        ]
    }

    private var upstreamMetrics: [MetricFamily] {
        let views = upstreams
        return [
            byUpstream(
                "dotproxy_upstream_up", .gauge, "Whether any worker can use the upstream, 1 or 0",
                views
            ) { [([], $0.state == .down ? 0 : 1)] },
            byUpstream(
                "dotproxy_upstream_queries_total", .counter,
                "Queries given to the upstream, those that were also asked elsewhere included",
                views
            ) { [([], $0.figures.queries)] },
            byUpstream(
                "dotproxy_upstream_connections", .gauge, "Connections that are up or coming up",
                views
            ) { [([], UInt64($0.load.connections))] },
            byUpstream(
                "dotproxy_upstream_queries_in_flight", .gauge,
                "Queries whose answer is waited for", views
            ) { [([], UInt64($0.load.inFlight))] },
            MetricFamily(
                "dotproxy_upstream_round_trip_seconds", .histogram,
                "Time from a query to its answer", views.flatMap(\.roundTrips)),
            byUpstream(
                "dotproxy_upstream_handshakes_total", .counter,
                "Connections made, by whether a session was resumed", views
            ) { view in
                [
                    ([("kind", "full")], view.sum(\.fullHandshakes)),
                    ([("kind", "resumed")], view.sum(\.resumedHandshakes)),
                ]
            },
            byUpstream(
                "dotproxy_upstream_failures_total", .counter,
                "Connections that failed or could not be made, by kind", views
            ) { view in
                UpstreamFailure.allCases.filter { $0 != .released }.map { failure in
                    ([("kind", failure.label)], view.sum { $0.failures[Int(failure.rawValue)] })
                }
            },
        ]
    }

    private var cacheMetrics: [MetricFamily] {
        guard cacheSize > 0 else { return [] }
        return [
            counter("dotproxy_cache_hits_total", "Answers found in memory", cache.hits),
            counter("dotproxy_cache_misses_total", "Answers not found in memory", cache.misses),
            counter("dotproxy_cache_insertions_total", "Answers kept", cache.insertions),
            counter(
                "dotproxy_cache_evictions_total", "Answers dropped to make room", cache.evictions),
            gauge("dotproxy_cache_entries", "Answers in memory", cache.entries),
            gauge("dotproxy_cache_used_bytes", "Memory that answers take", cache.usedByteCount),
            gauge("dotproxy_cache_size_bytes", "Memory that answers may take", cacheSize),
        ]
    }

    private var tapMetrics: [MetricFamily] {
        [
            MetricFamily(
                "dotproxy_dnstap_frames_total", .counter,
                "Messages for the reader of dnstap, by what became of them",
                [
                    .init([("outcome", "sent")], .count(tap.sent)),
                    .init([("outcome", "overflowed")], .count(tap.overflowed)),
                    .init([("outcome", "unread")], .count(tap.unread)),
                ]),
            gauge(
                "dotproxy_dnstap_connected", "Whether a reader of dnstap takes messages",
                tap.readers > 0 ? 1 : 0),
        ]
    }

    private func byUpstream(
        _ name: String, _ kind: MetricFamily.Kind, _ help: String, _ views: [UpstreamView],
        _ rows: (UpstreamView) -> [(labels: [(String, String)], number: UInt64)]
    ) -> MetricFamily {
        MetricFamily(
            name, kind, help,
            views.flatMap { view in
                rows(view).map { row in
                    .init([("upstream", "\(view.target)")] + row.labels, .count(row.number))
                }
            })
    }

    private func gauge(_ name: String, _ help: String, _ number: Int) -> MetricFamily {
        MetricFamily(name, .gauge, help, [.init([], .count(UInt64(max(number, 0))))])
    }

    private func counter(_ name: String, _ help: String, _ number: UInt64) -> MetricFamily {
        MetricFamily(name, .counter, help, [.init([], .count(number))])
    }
}

// The process itself, by the names that every Prometheus client gives them.
extension ServiceSnapshot {
    private var process: [MetricFamily] {
        let usage = ProcessUsage.current()
        return [
            MetricFamily(
                "process_cpu_seconds_total", .counter, "Processor time used",
                [.init([], .duration(usage.processorTime))]),
            gauge("process_resident_memory_bytes", "Memory in use", usage.residentByteCount),
            gauge("process_open_fds", "Open descriptors", usage.openDescriptors),
            gauge("process_max_fds", "Descriptors that may be open", usage.maximumDescriptors),
            gauge(
                "process_start_time_seconds", "When the process started, since 1970",
                Int(Clock.realTimeSeconds()) - Int((now - startedAt).wholeSeconds)),
        ]
    }
}

extension UpstreamView {
    /// The histogram as Prometheus wants it: each bucket with all before it, then sum and count.
    fileprivate var roundTrips: [MetricFamily.Sample] {
        let histogram = load.roundTrips
        let label = ("upstream", "\(target)")
        var count: UInt64 = 0
        var samples: [MetricFamily.Sample] = (0..<RoundTripHistogram.buckets).map { bucket in
            count &+= histogram[bucket]
            let bound = RoundTripHistogram.bound(of: bucket).map(Decimal.seconds) ?? "+Inf"
            return .init([label, ("le", bound)], .count(count), suffix: "_bucket")
        }
        samples.append(.init([label], .duration(histogram.sum), suffix: "_sum"))
        samples.append(.init([label], .count(count), suffix: "_count"))
        return samples
    }
}

extension UpstreamFailure {
    /// The kind as the value of a label; never changes its spelling.
    var label: String {
        switch self {
        case .refused: "refused"
        case .unresolved: "unresolved"
        case .unreachable: "unreachable"
        case .timedOut: "timed_out"
        case .cutOff: "cut_off"
        case .handshake: "handshake"
        case .verification: "verification"
        case .silent: "silent"
        case .closed: "closed"
        case .misbehaved: "misbehaved"
        case .released: "released"
        }
    }
}
