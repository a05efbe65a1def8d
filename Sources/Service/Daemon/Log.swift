internal import Configuration
internal import LinuxIO
internal import NetAddress

/// Writes log entries: to the journal with their fields, else to standard error.
///
/// Belongs to the supervisor's thread, so that a slow journal never holds up a query.
final class Log {
    private struct Window {
        var start = Instant(microseconds: 0)
        var count = 0
        var suppressed = 0
    }

    var level: LogLevel
    private var windows: [String: Window] = [:]

    init(level: LogLevel) {
        self.level = level
    }

    /// Writes `entry` if its level is wanted and there were not too many like it.
    func write(_ entry: LogEntry) {
        // Of queries there may be many; workers bound them by themselves.
        guard level.includes(entry.level), entry.id == .query || isAllowed(entry) else { return }
        emit(entry)
    }

    private func emit(_ entry: LogEntry) {
        if Journal.isConnected, Journal.send(fields: entry.journalFields) { return }
        Stderr.write(priority: Int(entry.level.rawValue), line: entry.message)
    }

    private func isAllowed(_ entry: LogEntry) -> Bool {
        // Places in the code are few, so the table is bounded.
        let key = entry.id?.rawValue ?? "\(entry.file):\(entry.line)"
        let now = Clock.monotonic()
        var window = windows[key] ?? Window()
        defer { windows[key] = window }
        if now - window.start >= .seconds(1) {
            if window.suppressed > 0 {
                emit(
                    LogEntry(
                        entry.level, "\(window.suppressed) more like the next one were left out"))
            }
            window = Window(start: now)
        }
        window.count += 1
        guard window.count > DaemonLimits.logBurst else { return true }
        window.suppressed += 1
        return false
    }
}
