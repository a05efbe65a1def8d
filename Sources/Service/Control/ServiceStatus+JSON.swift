internal import NetAddress

extension ServiceStatus {
    /// The same for programs, on one line; members are only ever added.
    public var json: String {
        JSONValue.object([
            ("condition", .string(condition.rawValue)), ("version", .string(version)),
            ("uptime_seconds", .number(Decimal.seconds(uptime))),
            ("listening", .array(listening.map { .string($0) })),
            ("workers", .integer(UInt64(workers))),
            ("silent_workers", .array(silentWorkers.map { .integer(UInt64($0)) })),
            ("upstreams", .array(upstreams.map(\.json))),
            ("cache", cache?.json ?? .null), ("queries", queries.json),
            ("last_reload", reload?.json ?? .null),
        ]).text + "\n"
    }
}

extension ServiceStatus.Upstream {
    fileprivate var json: JSONValue {
        .object([
            ("server", .string(server)), ("state", .string(state.rawValue)),
            ("encryption", encryption?.json ?? .null),
            ("full_handshakes", .integer(handshakes.full)),
            ("resumed_handshakes", .integer(handshakes.resumed)),
            ("failures", .integer(failures)), ("last_failure", lastFailure?.json ?? .null),
            ("answers", .integer(answers)),
            ("round_trip_median_seconds", Self.seconds(roundTrip?.median)),
            ("round_trip_p95_seconds", Self.seconds(roundTrip?.percentile95)),
        ])
    }

    private static func seconds(_ interval: Interval?) -> JSONValue {
        interval.map { .number(Decimal.seconds($0)) } ?? .null
    }
}

extension ServiceStatus.Encryption {
    fileprivate var json: JSONValue {
        .object([
            ("tls_version", .string(version)), ("cipher", .string(cipher)),
            ("verified_by", .string(verifiedBy)), ("resumed", .bool(isResumed)),
        ])
    }
}

extension ServiceStatus.Failure {
    fileprivate var json: JSONValue {
        .object([
            ("words", .string(words)), ("seconds_ago", .number(Decimal.seconds(ago))),
        ])
    }
}

extension ServiceStatus.Cache {
    fileprivate var json: JSONValue {
        .object([
            ("size_bytes", .integer(size)), ("used_bytes", .integer(used)),
            ("entries", .integer(entries)),
        ])
    }
}

extension ServiceStatus.Queries {
    fileprivate var json: JSONValue {
        .object([
            ("total", .integer(total)), ("from_memory", .integer(fromMemory)),
            ("stale", .integer(stale)), ("unanswered", .integer(unanswered)),
            ("under_way", .integer(underWay)),
        ])
    }
}

extension ServiceStatus.Reload {
    fileprivate var json: JSONValue {
        .object([
            ("seconds_ago", .number(Decimal.seconds(ago))),
            ("problems", .array(problems.map { .string($0) })),
        ])
    }
}
