/// The options of a command line one by one, read as getopt_long(3) does.
///
/// `--name value`, `--name=value` and unambiguous beginnings of names are understood; `--` or
/// anything that is no option ends them.
public struct OptionScanner {
    /// An option that was found, by its whole name.
    public enum Option: Equatable {
        case flag(String)
        case setting(String, value: String)
    }

    /// Names of options without a value.
    private let flags: [String]
    /// Names of options with a value.
    private let settings: [String]
    /// What has not been read yet: after the last option, the other arguments.
    public private(set) var rest: ArraySlice<String>

    /// Takes the arguments without the name of the program, and names without their hyphens.
    public init(_ arguments: ArraySlice<String>, flags: [String], settings: [String]) {
        self.flags = flags
        self.settings = settings
        rest = arguments
    }

    /// The next option, `nil` after the last one.
    public mutating func next() throws(UsageError) -> Option? {
        guard let argument = rest.first, argument.hasPrefix("-"), argument != "-" else {
            return nil
        }
        rest.removeFirst()
        if argument == "--" { return nil }
        if argument == "-h", flags.contains("help") { return .flag("help") }
        guard argument.hasPrefix("--") else {
            throw UsageError("unknown option '\(argument)'")
        }
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = try completeName(parts[0])
        let value = parts.dropFirst().first.map { String($0) }
        if flags.contains(name) {
            guard value == nil else { throw UsageError("option '--\(name)' takes no value") }
            return .flag(name)
        }
        guard let value = value ?? rest.popFirst() else {
            throw UsageError("option '--\(name)' needs a value")
        }
        return .setting(name, value: value)
    }

    /// The option that is called `text` or is the only one to begin so.
    private func completeName(_ text: Substring) throws(UsageError) -> String {
        let names = flags + settings
        if names.contains(String(text)) { return String(text) }
        let matches = names.filter { $0.hasPrefix(text) }
        guard let match = matches.first, matches.count == 1 else {
            throw UsageError(
                matches.isEmpty
                    ? "unknown option '--\(text)'"
                    : "option '--\(text)' is ambiguous: "
                        + matches.map { "--\($0)" }.joined(separator: ", "))
        }
        return match
    }
}
