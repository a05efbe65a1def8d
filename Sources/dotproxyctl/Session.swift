internal import Control
internal import LinuxIO
internal import NetAddress

/// One run of a command against the daemon.
struct Session {
    /// A reload reads files and makes every worker ready; the rest takes moments.
    private static let patience = Interval.seconds(30)
    private static let watchPause = Interval.seconds(2)

    let invocation: Invocation
    let command: Command

    init(_ invocation: Invocation, _ command: Command) {
        self.invocation = invocation
        self.command = command
    }

    func run() throws(ControlClient.Failure) -> CtlExitCode {
        switch command.kind {
        case .question: return try ask(invocation.request(command, options))
        case .status: return has("watch") ? watch() : try status()
        case .ready: return try ready()
        case .metrics:
            guard !has("http") else {
                MetricsService(path: invocation.socket).serve()
                return .success
            }
            return try ask("stats prometheus")
        case .test:
            return ServerTests(
                configurationPath: invocation.configuration, wanted: invocation.arguments.first,
                socket: invocation.socket
            ).run()
        }
    }

    private var options: [String] { invocation.options }

    private func has(_ option: String) -> Bool { options.contains(option) }

    /// Shows the reply: its lines, or what stands in the first one.
    private func ask(_ request: String) throws(ControlClient.Failure) -> CtlExitCode {
        let reply = try ControlClient.ask(
            request, path: invocation.socket, patience: Self.patience
        ) { print($0, terminator: "") }
        guard reply.isSuccess else {
            DotproxyctlCommand.complain(reply.words)
            return .refused
        }
        if !reply.words.isEmpty { print(reply.words) }
        return .success
    }

    private func status() throws(ControlClient.Failure) -> CtlExitCode {
        let form = has("json") ? ["json"] : Self.isColored ? ["color"] : []
        let reply = try ControlClient.ask(
            invocation.request(command, form), path: invocation.socket, patience: Self.patience)
        print(reply.body, terminator: "")
        guard reply.isSuccess else {
            DotproxyctlCommand.complain(reply.words)
            return .refused
        }
        switch reply.words {
        case "healthy": return .success
        case "down": return .unreachable
        default: return .refused
        }
    }

    /// Says whether queries can be answered, which they can although something is wrong.
    private func ready() throws(ControlClient.Failure) -> CtlExitCode {
        let reply = try ControlClient.ask(
            "status", path: invocation.socket, patience: Self.patience)
        print(reply.words)
        return reply.isSuccess && reply.words != "down" ? .success : .unreachable
    }

    /// Shows the status again and again, until it is interrupted.
    private func watch() -> CtlExitCode {
        while true {
            if Terminal.isOutput { print("\u{1b}[H\u{1b}[2J", terminator: "") }
            do throws(ControlClient.Failure) {
                _ = try status()
            } catch {
                print("\(error)")
            }
            Terminal.flushOutput()
            pause(Self.watchPause)
        }
    }

    /// Whether to use colors: on a terminal that knows them, unless NO_COLOR says otherwise.
    private static var isColored: Bool {
        Terminal.isOutput && Environment.value(of: "NO_COLOR") == nil
            && Environment.value(of: "TERM") != "dumb"
    }
}
