public import Configuration

/// What a client of the control socket wants.
public enum ControlRequest: Equatable, Sendable {
    /// Show that you are alive.
    case ping
    case status(StatusForm)
    case stats(StatsForm)
    /// Forget all answers, or those about some names.
    case flush(NameScope?)
    /// Read the configuration again.
    case reload
    /// Ask as a client would, and say how the answer came about.
    case query(name: [UInt8], type: UInt16, isShort: Bool)
    /// Show all answers in memory.
    case cacheDump
    /// Log these messages and more important ones, until the next reload.
    case logLevel(LogLevel)

    public enum StatusForm: Equatable, Sendable {
        case plain
        case colored
        case json
    }

    public enum StatsForm: Equatable, Sendable {
        case text
        case json
        case prometheus
    }
}

/// A domain name, alone or with all below it.
public struct NameScope: Equatable, Sendable {
    /// In wire format and lower case.
    public let name: [UInt8]
    public let includesSubtree: Bool

    public init(name: [UInt8], includesSubtree: Bool) {
        self.name = name
        self.includesSubtree = includesSubtree
    }
}

/// A request that makes no sense, in words.
public struct ControlMistake: Error, Equatable, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ControlRequest {
    /// Reads a line without its end: a command and its arguments, between spaces.
    ///
    /// `isPrivileged` says whether the client may change something.
    public static func parse(
        _ line: some Sequence<UInt8>, isPrivileged: Bool
    ) throws(ControlMistake) -> ControlRequest {
        let line = Array(line)
        guard line.allSatisfy({ (0x20..<0x7f).contains($0) }) else {
            throw ControlMistake("a request is one line of ASCII")
        }
        let words = String(decoding: line, as: UTF8.self).split(separator: " ")
        guard let first = words.first else { throw ControlMistake("no command") }
        guard let command = ControlCommand.all.first(where: { $0.name == first }) else {
            let names = ControlCommand.all.map(\.name).joined(separator: ", ")
            throw ControlMistake("'\(first)' is not one of: \(names)")
        }
        guard isPrivileged || !command.isPrivileged else {
            throw ControlMistake("\(command.name) is for root")
        }
        var rest = ControlCommand.Words(words.dropFirst())
        let request = try command.parse(&rest)
        if let extra = rest.next() {
            throw ControlMistake("'\(extra)' is one word too many for \(command.name)")
        }
        return request
    }
}
