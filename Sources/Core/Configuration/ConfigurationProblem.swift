/// One mistake in the configuration: where it is, what was expected, and a likely remedy.
public struct ConfigurationProblem: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file as it was named to the parser, or the option or variable.
    public let file: String
    /// The line, from 1; 0 where a whole file or no file is meant.
    public let line: Int
    /// The octet in the line, from 1; 0 where a whole line is meant.
    public let column: Int
    /// The section, without brackets; empty outside any section.
    public let section: String
    /// The key; empty where the line has none.
    public let key: String
    /// What was expected and what was found instead.
    public let message: String
    /// What the operator probably meant, if there is a good guess.
    public let hint: String?

    public init(
        file: String, line: Int = 0, column: Int = 0, section: String = "", key: String = "",
        message: String, hint: String? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.section = section
        self.key = key
        self.message = message
        self.hint = hint
    }

    /// One line as compilers write it: `file:line:column: Key=: message (hint)`.
    public var description: String {
        var text = file
        if line > 0 { text += ":\(line)" }
        if line > 0, column > 0 { text += ":\(column)" }
        if !key.isEmpty { text += ": \(key)=" }
        text += ": \(message)"
        if let hint { text += " (\(hint))" }
        return text
    }
}

/// Every mistake found in a configuration, so that one look at it can mend them all.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// At least one problem and at most `Limits.problems`, in the order they were found.
    public let problems: [ConfigurationProblem]
    /// How many more there were.
    public let omittedCount: Int

    /// Takes at least one problem.
    public init(problems: [ConfigurationProblem], omittedCount: Int = 0) {
        self.problems = problems
        self.omittedCount = omittedCount
    }

    /// A line for each problem, and one that says how many more there were.
    public var lines: [String] {
        let rest = omittedCount == 0 ? [] : ["... and \(omittedCount) more problems"]
        return problems.map(\.description) + rest
    }

    /// The lines, without a final newline.
    public var description: String { lines.joined(separator: "\n") }
}
