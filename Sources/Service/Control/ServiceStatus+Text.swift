internal import NetAddress

extension ServiceStatus {
    /// One screen for people.
    public func text(colored: Bool = false) -> String {
        let paint = Paint(isOn: colored)
        var lines = [
            "dotproxy \(version)  \(paint(condition.rawValue, condition.color))\(reasons)",
            "running for \(Self.words(uptime)), \(workers) worker\(workers == 1 ? "" : "s"), on "
                + listening.joined(separator: ", "),
            "",
        ]
        lines += upstreams.flatMap { $0.lines(paint) } + [""]
        lines += [cacheLine, queryLine, reloadLine].compactMap(\.self)
        return lines.joined(separator: "\n") + "\n"
    }

    /// What is wrong, where the servers do not say it.
    private var reasons: String {
        if isStopping { return ": stopping" }
        guard !silentWorkers.isEmpty else { return "" }
        let numbers = silentWorkers.map(String.init).joined(separator: ", ")
        return ": worker \(numbers) does not answer"
    }

    private var cacheLine: String? {
        guard let cache else { return "cache    off" }
        return "cache    \(cache.entries) answers in \(Self.octets(cache.used)) of "
            + "\(Self.octets(cache.size)), "
            + "\(Decimal.percent(queries.fromMemory, of: queries.total)) % of queries from memory, "
            + "\(queries.stale) stale"
    }

    private var queryLine: String {
        "queries  \(queries.total) since the start, \(queries.underWay) under way, "
            + "\(queries.unanswered) not answered by any server"
    }

    private var reloadLine: String? {
        guard let reload else { return nil }
        let ago = Self.words(reload.ago)
        guard let first = reload.problems.first else {
            return "reload   \(ago) ago, configuration taken"
        }
        return "reload   \(ago) ago, REFUSED, the old configuration is in use: \(first)"
    }

    /// `3 h 12 min`: the two largest units.
    static func words(_ interval: Interval) -> String {
        let seconds = interval.microseconds / 1_000_000
        let units: [(UInt64, String)] = [(86_400, "d"), (3600, "h"), (60, "min"), (1, "s")]
        guard let first = units.firstIndex(where: { seconds >= $0.0 }) else { return "0 s" }
        let rest = seconds % units[first].0
        let more = first + 1 < units.count ? rest / units[first + 1].0 : 0
        return "\(seconds / units[first].0) \(units[first].1)"
            + (more > 0 ? " \(more) \(units[first + 1].1)" : "")
    }

    private static func octets(_ count: UInt64) -> String {
        count < 1 << 20 ? "\(count >> 10) KiB" : "\(count >> 20) MiB"
    }
}

extension ServiceStatus.Upstream {
    fileprivate func lines(_ paint: Paint) -> [String] {
        var lines = ["\(paint(state.rawValue, state.color))  \(server)"]
        if let encryption {
            lines.append(
                "    TLS \(encryption.version), \(encryption.cipher), verified by "
                    + "\(encryption.verifiedBy), \(encryption.isResumed ? "resumed" : "full handshake")"
            )
        }
        let counts = [
            answers > 0 ? "\(answers) answer\(answers == 1 ? "" : "s")" : nil,
            roundTrip.map {
                "round trip \(Self.milliseconds($0.median)), "
                    + "95 % within \(Self.milliseconds($0.percentile95))"
            },
            failures > 0 ? "\(failures) failure\(failures == 1 ? "" : "s")" : nil,
        ].compactMap(\.self)
        if !counts.isEmpty { lines.append("    " + counts.joined(separator: ", ")) }
        if let lastFailure {
            lines.append(
                "    failed \(ServiceStatus.words(lastFailure.ago)) ago: \(lastFailure.words)")
        }
        return lines
    }

    private static func milliseconds(_ interval: Interval) -> String {
        let tenths = (interval.microseconds + 50) / 100
        return "\(tenths / 10).\(tenths % 10) ms"
    }
}

/// Colors of a terminal, or none.
private struct Paint {
    let isOn: Bool

    func callAsFunction(_ text: String, _ color: Int) -> String {
        isOn ? "\u{1b}[1;\(color)m\(text)\u{1b}[0m" : text
    }
}

private enum Color {
    static let red = 31
    static let green = 32
    static let yellow = 33
    static let gray = 90
}

extension ServiceStatus.Condition {
    fileprivate var color: Int {
        switch self {
        case .healthy: Color.green
        case .degraded: Color.yellow
        case .down: Color.red
        }
    }
}

extension ServiceStatus.Upstream.State {
    fileprivate var color: Int {
        switch self {
        case .healthy: Color.green
        case .untried: Color.gray
        case .degraded: Color.yellow
        case .down: Color.red
        }
    }
}
