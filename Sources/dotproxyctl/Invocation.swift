internal import Control
internal import ProgramOptions

/// What the command line asks for.
struct Invocation {
    enum Action {
        case help
        case version
        case run(Command)
    }

    var action = Action.help
    var socket = ControlClient.usualPath
    /// The file that `test` reads, if not the usual one.
    var configuration: String?
    /// The options given, without hyphens and without those that every command takes.
    var options: [String] = []
    var arguments: [String] = []

    static let help = """
        Usage: dotproxyctl [OPTION]... [COMMAND [ARGUMENT]...]
        See and steer the DNS forwarder dotproxy.

        \(Command.all.map(line).joined(separator: "\n"))

          --socket PATH  ask at PATH instead of \(ControlClient.usualPath)
          --config FILE  have test read FILE instead of \(ServerTests.usualConfiguration)
          --version      print the version and exit
          -h, --help     print this help and exit

        Without a command it is status. The exit status is 0, 1 if the service is degraded or
        refuses, 2 if it is down or cannot be asked. See dotproxyctl(8).

        """

    private static func line(_ command: Command) -> String {
        let head = "  \(command.name) \(command.usage)"
        return head + String(repeating: " ", count: max(34 - head.count, 1)) + command.summary
    }

    /// Reads `arguments`, the first of which is the name of the program; options may stand
    /// anywhere.
    static func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        var invocation = Invocation()
        var words: [String] = []
        var isEnded = false
        var rest = arguments.dropFirst()
        while !rest.isEmpty {
            var scanner = OptionScanner(rest, flags: Command.allFlags, settings: Command.settings)
            while !isEnded, let option = try scanner.next() { invocation.take(option) }
            isEnded = isEnded || rest.dropLast(scanner.rest.count).last == "--"
            rest = scanner.rest
            if let word = rest.popFirst() { words.append(word) }
        }
        return try invocation.complete(words)
    }

    private mutating func take(_ option: OptionScanner.Option) {
        switch option {
        case .flag(let name): options.append(name)
        case .setting("config", let value): configuration = value
        case .setting(_, let value): socket = value
        }
    }

    private func complete(_ words: [String]) throws(UsageError) -> Invocation {
        var result = self
        result.options.removeAll { Command.flags.contains($0) }
        if options.contains("help") { return result }
        if options.contains("version") {
            result.action = .version
            return result
        }
        let name = words.first ?? "status"
        guard let command = Command.all.first(where: { $0.name == name }) else {
            throw UsageError("unknown command '\(name)'")
        }
        if let stray = result.options.first(where: { !command.options.contains($0) }) {
            throw UsageError("\(command.name) does not take --\(stray)")
        }
        result.arguments = Array(words.dropFirst())
        guard command.arguments.contains(result.arguments.count) else {
            throw UsageError("usage: dotproxyctl \(command.name) \(command.usage)")
        }
        result.action = .run(command)
        return result
    }

    /// The line that asks the daemon, options at the end as plain words.
    func request(_ command: Command, _ extra: [String] = []) -> String {
        ([command.name] + arguments + extra).joined(separator: " ")
    }
}
