internal import Configuration
internal import FrameStream
internal import LinuxIO

// The query log as dnstap.
extension Supervisor {
    /// What the configuration asks for, if it does; a tap that is in use at the same place goes on.
    func tap(for settings: LogSettings, workers: Int) -> QueryTap? {
        guard settings.queryLog == .dnstap else { return nil }
        if let tap = runtime.tap, tap.path == settings.dnstapSocket { return tap }
        let (inbox, path) = (inbox, settings.dnstapSocket)
        return QueryTap(
            path: path, queues: workers, counts: tapCounts, host: HostName.current,
            version: version
        ) { state in
            inbox.post(.log(Self.entry(of: state, at: path)))
        }
    }

    private static func entry(of state: ReaderState, at path: String) -> LogEntry {
        switch state {
        case .reading:
            LogEntry(
                .notice, "Queries are logged to the reader at \(path)", id: .dnstapReader)
        case .absent(let reason):
            LogEntry(
                .warning,
                "Queries are not logged, there is no reader at \(path): \(reason)",
                id: .dnstapReader, fields: ["ERROR=\(reason)"])
        }
    }
}
