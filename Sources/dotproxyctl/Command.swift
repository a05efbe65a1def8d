internal import ProgramOptions

/// A command of dotproxyctl: how it is written, and what it asks of the daemon.
///
/// Help, manual and completion are held to `all` by tests.
struct Command: Sendable {
    let name: String
    /// The arguments and options as help shows them.
    let usage: String
    let summary: String
    /// The options it takes, without hyphens.
    var options: [String] = []
    /// How many arguments it takes.
    var arguments = 0...0
    /// What it takes more than a question to the daemon.
    var kind = Kind.question

    enum Kind {
        case question
        case status
        case ready
        case metrics
        /// Done here, without the daemon.
        case test
    }

    static let all: [Command] = [
        Command(
            name: "status", usage: "[--json] [--watch]", summary: "show how the service stands",
            options: ["json", "watch"], kind: .status),
        Command(
            name: "stats", usage: "[--json|--prometheus]", summary: "show all counters",
            options: ["json", "prometheus"]),
        Command(
            name: "flush", usage: "[NAME [--subtree]]", summary: "forget answers",
            options: ["subtree"], arguments: 0...1),
        Command(
            name: "reload", usage: "", summary: "read the configuration again, and wait for it"),
        Command(
            name: "log-level", usage: "LEVEL", summary: "log more or less until the next reload",
            arguments: 1...1),
        Command(
            name: "query", usage: "NAME [TYPE] [--short]",
            summary: "ask, and tell how the answer came about", options: ["short"],
            arguments: 1...2),
        Command(
            name: "cache-dump", usage: "",
            summary: "show all answers in memory: names that were asked for"),
        Command(
            name: "test", usage: "[SERVER]",
            summary: "connect to the servers anew, and say what they can do",
            arguments: 0...1, kind: .test),
        Command(name: "ping", usage: "", summary: "see whether the daemon is alive"),
        Command(
            name: "ready", usage: "", summary: "see whether the daemon can answer", kind: .ready),
        Command(
            name: "metrics", usage: "[--http]", summary: "the same as stats --prometheus",
            options: ["http"], kind: .metrics),
    ]

    /// Options that may be given with every command.
    static let flags = ["help", "version"]
    static let settings = ["config", "socket"]

    /// Every option of any command.
    static var allFlags: [String] {
        all.flatMap(\.options).reduce(into: flags) { if !$0.contains($1) { $0.append($1) } }
    }
}
