internal import Configuration
internal import Glibc

/// What the command line and the environment ask for.
struct Options: Equatable {
    /// What the process is started for.
    enum Action {
        case run
        case checkConfig
        case help
        case version
    }

    /// A command line that makes no sense; the process exits with `EX_USAGE`.
    struct UsageError: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    var action = Action.run
    var configPath = "/etc/dotproxy.conf"
    /// Whether the file was named, so that it is a mistake if it is missing.
    var configPathWasGiven = false
    var overrides = Overrides()

    static let version = "0.1.0"

    static let help = """
        Usage: dotproxy [OPTION]...
        Forward DNS queries to verified servers over TLS.

          --config FILE      read FILE and FILE.d/*.conf instead of /etc/dotproxy.conf
          --check-config     print the configuration or what is wrong with it, and exit
          --listen ADDRESS   serve clients on ADDRESS[:PORT] (may be repeated)
          --upstream SERVER  ask ADDRESS[:PORT][#NAME] [pin-sha256=...] (may be repeated)
          --ca-file FILE     trust the authorities in FILE instead of the system's
          --log-level LEVEL  error, warning, notice, info or debug
          --version          print the version and exit
          -h, --help         print this help and exit

        --listen and --upstream replace what the files say. The variables DOTPROXY_CONFIG,
        DOTPROXY_LISTEN, DOTPROXY_UPSTREAMS, DOTPROXY_CA_FILE and DOTPROXY_LOG_LEVEL do the
        same; the command line beats them. See dotproxy(8) and dotproxy.conf(5).

        """

    /// Reads the process's own command line, environment and working directory.
    static func parseProcess() throws(UsageError) -> Options {
        try parse(
            CommandLine.arguments,
            environment: { unsafe getenv($0).map { unsafe String(cString: $0) } },
            workingDirectory: currentDirectory())
    }

    /// Reads `arguments`, the first of which is the name of the program.
    ///
    /// Relative paths of files that are read again on reload are put behind `workingDirectory`.
    static func parse(
        _ arguments: [String], environment: (String) -> String?, workingDirectory: String
    ) throws(UsageError) -> Options {
        var options = Options()
        for setting in Setting.all { options.take(setting, from: environment, workingDirectory) }
        if let path = environment("DOTPROXY_CONFIG"), !path.isEmpty { options.setConfig(path) }

        var values: [Int: [String]] = [:]
        var scanner = OptionScanner(arguments)
        while let option = try scanner.next() {
            switch option {
            case .help: options.raise(to: .help)
            case .version: options.raise(to: .version)
            case .checkConfig: options.raise(to: .checkConfig)
            case .config(let path): options.setConfig(path)
            case .setting(let index, let value): values[index, default: []].append(value)
            }
        }
        for (index, setting) in Setting.all.enumerated() {
            guard let given = values[index] else { continue }
            options.set(setting, to: given, origin: "--\(setting.option)", workingDirectory)
        }
        return options
    }

    /// Of several actions the first one given counts.
    private mutating func raise(to action: Action) {
        if self.action == .run { self.action = action }
    }

    private mutating func setConfig(_ path: String) {
        configPath = path
        configPathWasGiven = true
    }

    /// Takes the value of the setting's variable; an empty variable is an unset one.
    private mutating func take(
        _ setting: Setting, from environment: (String) -> String?, _ workingDirectory: String
    ) {
        guard let text = environment(setting.variable), !text.isEmpty else { return }
        let values = setting.isList ? Setting.split(text) : [text]
        set(setting, to: values, origin: setting.variable, workingDirectory)
    }

    private mutating func set(
        _ setting: Setting, to values: [String], origin: String, _ workingDirectory: String
    ) {
        var values = setting.isList ? values : Array(values.suffix(1))
        if setting.isPath {
            values = values.map { $0.hasPrefix("/") ? $0 : "\(workingDirectory)/\($0)" }
        }
        overrides.set(section: setting.section, key: setting.key, to: values, origin: origin)
    }

    private static func currentDirectory() -> String {
        // With no buffer glibc allocates one of the right size, which is ours to free.
        guard let path = unsafe getcwd(nil, 0) else { return "" }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }
}

/// A key of the configuration that has an option and a variable of its own.
private struct Setting {
    let option: String
    let variable: String
    let section: String
    let key: String
    var isList = false
    var isPath = false

    static let all = [
        Setting(
            option: "listen", variable: "DOTPROXY_LISTEN", section: "Listen", key: "Address",
            isList: true),
        Setting(
            option: "upstream", variable: "DOTPROXY_UPSTREAMS", section: "Upstream",
            key: "Server", isList: true),
        Setting(
            option: "ca-file", variable: "DOTPROXY_CA_FILE", section: "TLS", key: "CAFile",
            isPath: true),
        Setting(
            option: "log-level", variable: "DOTPROXY_LOG_LEVEL", section: "Log", key: "Level"),
    ]

    /// The words of a variable, between commas and white space; pins stay with their server.
    static func split(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.reduce(into: []) { values, word in
            if word.hasPrefix("pin-sha256="), let server = values.popLast() {
                values.append("\(server) \(word)")
            } else {
                values.append(String(word))
            }
        }
    }
}

/// The options of a command line one by one, read as getopt_long(3) does.
///
/// `--name value`, `--name=value` and unambiguous beginnings of names are understood; `--` or
/// anything that is no option ends them.
private struct OptionScanner {
    enum Option {
        case config(String)
        case checkConfig
        case help
        case version
        case setting(Int, String)
    }

    private static let flags: [(name: String, option: Option)] = [
        ("check-config", .checkConfig), ("help", .help), ("version", .version),
    ]

    private static let names: [String] =
        flags.map(\.name) + ["config"] + Setting.all.map(\.option)

    private var rest: ArraySlice<String>

    /// Takes the arguments with the name of the program in front.
    init(_ arguments: [String]) {
        rest = arguments.dropFirst()
    }

    /// The next option, `nil` after the last one.
    mutating func next() throws(Options.UsageError) -> Option? {
        guard let argument = rest.popFirst() else { return nil }
        if argument == "-h" { return .help }
        if argument == "--" {
            guard let extra = rest.first else { return nil }
            throw Options.UsageError(description: "unexpected argument '\(extra)'")
        }
        guard argument.hasPrefix("--") else {
            let isOption = argument.hasPrefix("-") && argument != "-"
            throw Options.UsageError(
                description: (isOption ? "unknown option" : "unexpected argument")
                    + " '\(argument)'")
        }
        let parts = argument.dropFirst(2).split(
            separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = try Self.completeName(parts[0])
        let value = parts.dropFirst().first.map { String($0) }
        if let flag = Self.flags.first(where: { $0.name == name }) {
            guard value == nil else {
                throw Options.UsageError(description: "option '--\(name)' takes no value")
            }
            return flag.option
        }
        guard let value = value ?? rest.popFirst() else {
            throw Options.UsageError(description: "option '--\(name)' needs a value")
        }
        let index = Setting.all.firstIndex { $0.option == name }
        return index.map { .setting($0, value) } ?? .config(value)
    }

    /// The option that is called `text` or is the only one to begin so.
    private static func completeName(_ text: Substring) throws(Options.UsageError) -> String {
        if names.contains(String(text)) { return String(text) }
        let matches = names.filter { $0.hasPrefix(text) }
        guard let match = matches.first, matches.count == 1 else {
            throw Options.UsageError(
                description: matches.isEmpty
                    ? "unknown option '--\(text)'"
                    : "option '--\(text)' is ambiguous: "
                        + matches.map { "--\($0)" }.joined(separator: ", "))
        }
        return match
    }
}
