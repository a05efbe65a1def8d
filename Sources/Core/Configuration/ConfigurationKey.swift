/// One key of the configuration: its place, its meaning, and how it is read and written.
///
/// The parser looks it up by name; the text of the effective configuration, the man page's test and
/// the shipped file's test go through all of them. So a new key is a field of `Configuration` and a
/// row of the table.
public struct ConfigurationKey: Sendable {
    /// The section, without brackets.
    public let section: String
    public let name: String
    /// What a value is, in a word or two.
    public let form: String
    /// Whether repeated assignments add up; of other keys the last one counts.
    public let isList: Bool
    /// What the key decides, in one sentence.
    public let summary: String

    /// Reads a value that is not empty into the configuration.
    let assign: @Sendable (String, inout Configuration) throws(ValueProblem) -> Void
    /// Puts the default back; a list becomes empty.
    let reset: @Sendable (inout Configuration) -> Void
    /// The values in `configuration`, each as one assignment would give it.
    let values: @Sendable (Configuration) -> [String]

    /// What holds without an assignment; empty for an empty list and for an unset path.
    public var defaultText: String { values(.default).joined(separator: " ") }
}
