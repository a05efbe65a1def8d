internal import Configuration

/// One line for the log, with what a machine may want to read of it.
struct LogEntry: Sendable {
    let level: LogLevel
    let message: String
    let id: MessageID?
    /// Journal fields, `NAME=value`.
    let fields: [String]
    let file: String
    let line: Int
    let function: String

    init(
        _ level: LogLevel, _ message: String, id: MessageID? = nil, fields: [String] = [],
        file: String = #fileID, line: Int = #line, function: String = #function
    ) {
        self.level = level
        self.message = message
        self.id = id
        self.fields = fields
        self.file = file
        self.line = line
        self.function = function
    }

    /// The entry as the journal takes it.
    var journalFields: [String] {
        var all = [
            "MESSAGE=\(message)", "PRIORITY=\(level.rawValue)", "SYSLOG_IDENTIFIER=dotproxy",
            "CODE_FILE=\(file)", "CODE_LINE=\(line)", "CODE_FUNC=\(function)",
        ]
        if let id { all.append("MESSAGE_ID=\(id.rawValue)") }
        return all + fields
    }
}
