internal import Configuration
internal import DNSText
internal import DNSWire

/// A command of the control socket: its name, how it is written, and who may give it.
///
/// The manual and the completion are held to `all` by a test.
public struct ControlCommand: Sendable {
    public let name: String
    /// The arguments as a person writes them.
    public let arguments: String
    /// What it does, in a few words.
    public let summary: String
    /// Whether it changes something or shows names, and so is for root and the daemon's own user.
    public let isPrivileged: Bool

    let parse: @Sendable (inout Words) throws(ControlMistake) -> ControlRequest

    public static let all: [ControlCommand] = [
        ControlCommand(
            name: "status", arguments: "[json|color]", summary: "how it stands",
            isPrivileged: false
        ) { words throws(ControlMistake) in
            .status(try words.choice([("color", .colored), ("json", .json)]) ?? .plain)
        },
        ControlCommand(
            name: "stats", arguments: "[json|prometheus]", summary: "all counters",
            isPrivileged: false
        ) { words throws(ControlMistake) in
            .stats(
                try words.choice([
                    ("text", .text), ("json", .json), ("prometheus", .prometheus),
                ]) ?? .text)
        },
        ControlCommand(
            name: "flush", arguments: "[NAME [subtree]]", summary: "forget answers",
            isPrivileged: true
        ) { words throws(ControlMistake) in
            guard let name = try words.name() else { return .flush(nil) }
            let isSubtree = try words.choice([("subtree", true)]) ?? false
            return .flush(NameScope(name: name, includesSubtree: isSubtree))
        },
        ControlCommand(
            name: "reload", arguments: "", summary: "read the configuration again",
            isPrivileged: true
        ) { _ in .reload },
        ControlCommand(
            name: "log-level", arguments: "LEVEL",
            summary: "log more or less until the next reload",
            isPrivileged: true
        ) { words throws(ControlMistake) in
            let levels = LogLevel.allCases.map { ($0.description, $0) }
            guard let level = try words.choice(levels) else {
                throw ControlMistake("log-level needs one of: \(Words.list(levels.map(\.0)))")
            }
            return .logLevel(level)
        },
        ControlCommand(
            name: "query", arguments: "NAME [TYPE] [short]",
            summary: "ask, and tell how the answer came", isPrivileged: false
        ) { words throws(ControlMistake) in
            guard let name = try words.name() else {
                throw ControlMistake("query needs a domain name")
            }
            guard let word = words.next() else {
                return .query(name: name, type: RecordType.a.rawValue, isShort: false)
            }
            if word == "short" {
                return .query(name: name, type: RecordType.a.rawValue, isShort: true)
            }
            guard let type = RecordType(text: word) else {
                throw ControlMistake("'\(word)' is not a type")
            }
            let isShort = try words.choice([("short", true)]) ?? false
            return .query(name: name, type: type.rawValue, isShort: isShort)
        },
        ControlCommand(
            name: "cache-dump", arguments: "", summary: "show all answers in memory",
            isPrivileged: true
        ) { _ in .cacheDump },
        ControlCommand(
            name: "ping", arguments: "", summary: "show that it is alive", isPrivileged: false
        ) { _ in .ping },
    ]

    /// The words of a request that have not been understood yet.
    struct Words {
        private var rest: ArraySlice<Substring>

        init(_ rest: ArraySlice<Substring>) {
            self.rest = rest
        }

        /// The next word; `nil` after the last one.
        mutating func next() -> Substring? { rest.popFirst() }

        /// The next word, which is one of these; `nil` after the last one.
        mutating func choice<Value>(_ choices: [(String, Value)]) throws(ControlMistake) -> Value? {
            guard let word = next() else { return nil }
            guard let choice = choices.first(where: { $0.0 == word }) else {
                throw ControlMistake("'\(word)' is not one of: \(Self.list(choices.map(\.0)))")
            }
            return choice.1
        }

        /// The next word, which is a domain name, in wire format; `nil` after the last one.
        mutating func name() throws(ControlMistake) -> [UInt8]? {
            guard let word = next() else { return nil }
            guard let name = NameText.parse(word) else {
                throw ControlMistake("'\(word)' is not a domain name")
            }
            return name
        }

        static func list(_ words: [String]) -> String { words.joined(separator: ", ") }
    }
}
