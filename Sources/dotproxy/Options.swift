internal import Configuration
internal import Glibc
internal import LinuxIO
internal import ProgramOptions

/// What the command line and the environment ask for.
struct Options: Equatable {
    /// What the process is started for.
    enum Action {
        case run
        case checkConfig
        case help
        case version
    }

    var action = Action.run
    var configPath = "/etc/dotproxy.conf"
    /// Whether the file was named, so that it is a mistake if it is missing.
    var configPathWasGiven = false
    var overrides = Overrides()

    static let help = """
        Usage: dotproxy [OPTION]...
        Forward DNS queries to verified servers over TLS.

          --config FILE      read FILE and FILE.d/*.conf instead of /etc/dotproxy.conf
          --check-config     print the configuration or what is wrong with it, and exit
          --listen ADDRESS   serve clients on ADDRESS[:PORT] (may be repeated)
          --allow PREFIX     let others ask than this host (may be repeated)
          --upstream SERVER  ask ADDRESS[:PORT][#NAME] [pin-sha256=...] (may be repeated)
          --ca-file FILE     trust the authorities in FILE instead of the system's
          --log-level LEVEL  error, warning, notice, info or debug
          --version          print the version and exit
          -h, --help         print this help and exit

        --listen, --allow and --upstream replace what the files say. The variables
        DOTPROXY_CONFIG, DOTPROXY_LISTEN, DOTPROXY_ALLOW, DOTPROXY_UPSTREAMS, DOTPROXY_CA_FILE
        and DOTPROXY_LOG_LEVEL do the same; the command line beats them. See dotproxy(8) and
        dotproxy.conf(5).

        """

    /// Reads the process's own command line, environment and working directory.
    static func parseProcess() throws(UsageError) -> Options {
        try parse(
            ProcessArguments.all,
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

        var values: [String: [String]] = [:]
        var scanner = OptionScanner(
            arguments.dropFirst(), flags: flags.map(\.name),
            settings: ["config"] + Setting.all.map(\.option))
        while let option = try scanner.next() {
            switch option {
            case .flag(let name): options.raise(to: flags.first { $0.name == name }?.action)
            case .setting("config", let path): options.setConfig(path)
            case .setting(let name, let value): values[name, default: []].append(value)
            }
        }
        if let extra = scanner.rest.first { throw UsageError("unexpected argument '\(extra)'") }
        for setting in Setting.all {
            guard let given = values[setting.option] else { continue }
            options.set(setting, to: given, origin: "--\(setting.option)", workingDirectory)
        }
        return options
    }

    private static let flags: [(name: String, action: Action)] = [
        ("check-config", .checkConfig), ("help", .help), ("version", .version),
    ]

    /// Of several actions the first one given counts.
    private mutating func raise(to action: Action?) {
        if let action, self.action == .run { self.action = action }
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
            option: "allow", variable: "DOTPROXY_ALLOW", section: "Access", key: "Allow",
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
