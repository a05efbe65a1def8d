internal import NetAddress

/// Reads files and overrides into a configuration and collects what is wrong with them.
struct ConfigurationParser {
    /// What section the lines belong to.
    private enum Section {
        /// Before the first header.
        case none
        case known(String)
        /// Its header was refused, so its keys say nothing new.
        case unknown
    }

    /// Where something stands.
    struct Position {
        let file: String
        let line: Int
        let column: Int
    }

    var configuration = Configuration.default
    /// Where each route was begun.
    var routePositions: [Position] = []
    private(set) var problems: [ConfigurationProblem] = []
    private(set) var omittedCount = 0
    private var section = Section.none
    private(set) var file = ""

    mutating func read(_ source: SourceFile) {
        file = source.name
        section = .none
        guard source.bytes.count <= Limits.fileSize else {
            report("the file is over \(Limits.fileSize >> 20) MiB long")
            return
        }
        for line in LogicalLines(source.bytes) { read(line) }
    }

    mutating func read(_ override: Overrides.Entry) {
        file = override.origin
        guard let key = ConfigurationKey.key(override.key, in: override.section) else {
            report("there is no key '\(override.key)' in section [\(override.section)]")
            return
        }
        key.reset(&configuration)
        for value in override.values {
            let bytes = Array(value.utf8)[...].trimmingBlanks()
            if bytes.contains(where: \.isControl) {
                report("the value holds a control character")
            } else if let problem = assign(String(decoding: bytes, as: UTF8.self), to: key) {
                report(problem.message, hint: problem.hint)
            }
        }
    }

    /// Checks what only the whole can tell; to be called last.
    ///
    /// `origin` is the option or variable that has given the servers, if one has.
    mutating func checkWhole(lastFile: String?, serversFrom origin: String?) {
        configuration.routeIndex = 0
        checkRoutes()
        guard problems.isEmpty else { return }
        file = lastFile ?? "configuration"
        checkBootstrap(origin)
        for problem in AliasCheck.problems(in: configuration.local.records) {
            report(problem, key: "Record", in: "Local")
        }
        guard configuration.upstream.servers.isEmpty else { return }
        report(
            "no upstream server is configured", key: "Server", in: "Upstream", from: origin,
            hint: "add 'Server=ADDRESS#NAME' to section [Upstream]")
    }

    private mutating func checkBootstrap(_ origin: String?) {
        guard let name = configuration.hosts.first?.name, configuration.upstream.bootstrap.isEmpty
        else { return }
        // Those of routes come last, and from files.
        let isOverride = configuration.upstream.servers.contains { $0.host != nil }
        report(
            "nobody is named who knows the address of \(name.description.quoted)",
            key: "Bootstrap", in: "Upstream", from: isOverride ? origin : nil,
            hint: "add 'Bootstrap=ADDRESS#NAME' to section [Upstream]")
    }

    /// Reports what is missing: under `origin`, where that was to give it, or else under the key.
    private mutating func report(
        _ message: String, key: String, in section: String, from origin: String?, hint: String
    ) {
        guard let origin else { return report(message, key: key, in: section, hint: hint) }
        let former = file
        file = origin
        report(message, in: section, hint: hint)
        file = former
    }

    private mutating func read(_ line: LogicalLine) {
        if line.isTooLong {
            report("the line is over \(Limits.lineLength >> 10) KiB long", at: 0, of: line)
        } else if let offset = line.bytes.firstIndex(where: \.isControl) {
            let name = line.bytes[offset] == 0 ? "a NUL octet" : "a control character"
            report("the line holds \(name)", at: offset, of: line)
        } else if let offset = line.bytes.firstInvalidUTF8 {
            report("the line is not UTF-8", at: offset, of: line)
        } else if line.bytes.first == UInt8(ascii: "[") {
            readHeader(line)
        } else {
            readAssignment(line)
        }
    }

    private mutating func readHeader(_ line: LogicalLine) {
        let text = line.bytes[...].trimmingBlanks()
        section = .unknown
        guard text.last == UInt8(ascii: "]") else {
            report("expected ']' after the name of the section", at: text.endIndex, of: line)
            return
        }
        let words = text.dropFirst().dropLast().split(whereSeparator: \.isBlank)
        if let first = words.first,
            first.elementsEqual(ConfigurationKey.routeSection.utf8)
        {
            if beginRoute(words.dropFirst(), line) {
                section = .known(ConfigurationKey.routeSection)
            }
            return
        }
        let name = String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        guard ConfigurationKey.sections.contains(name) else {
            let near = Suggestion.nearest(to: name, among: ConfigurationKey.sections)
            report(
                "unknown section \(name.quoted)", at: 1, of: line,
                hint: near.map { "did you mean '[\($0)]'?" })
            return
        }
        section = .known(name)
    }

    private mutating func readAssignment(_ line: LogicalLine) {
        guard let equals = line.bytes.firstIndex(of: UInt8(ascii: "=")) else {
            let text = String(decoding: line.bytes[...].trimmingBlanks(), as: UTF8.self)
            report("expected 'Key=value', found \(text.quoted)", at: 0, of: line)
            return
        }
        let name = String(decoding: line.bytes[..<equals].trimmingBlanks(), as: UTF8.self)
        switch section {
        case .unknown: break
        case .none:
            let owner = ConfigurationKey.all.first { $0.name == name }?.section
            report(
                "\(name.quoted) is set outside of any section", at: 0, of: line,
                hint: owner.map { "put '[\($0)]' on a line above" })
        case .known(let section):
            guard let key = ConfigurationKey.key(name, in: section) else {
                reportUnknownKey(name, in: section, line: line)
                return
            }
            let value = line.bytes[(equals + 1)...].trimmingBlanks()
            if let problem = assign(String(decoding: value, as: UTF8.self), to: key) {
                report(
                    problem.message, at: value.startIndex + problem.offset, of: line, key: name,
                    in: section, hint: problem.hint)
            }
        }
    }

    private mutating func reportUnknownKey(_ name: String, in section: String, line: LogicalLine) {
        // Guessing is slow enough to notice when a whole file of another program is read.
        guard problems.count < Limits.problems else {
            omittedCount += 1
            return
        }
        let here = ConfigurationKey.keys(of: section).map(\.name)
        let elsewhere = ConfigurationKey.all.first { $0.name == name && $0.section != section }
        let near = Suggestion.nearest(to: name, among: here)
        report(
            "unknown key \(name.quoted) in section [\(section)]", at: 0, of: line,
            hint: elsewhere.map { "it belongs in section [\($0.section)]" }
                ?? near.map { "did you mean '\($0)='?" })
    }

    /// Sets `key`, or resets it when there is no text.
    private mutating func assign(_ text: String, to key: ConfigurationKey) -> ValueProblem? {
        guard !text.isEmpty else {
            key.reset(&configuration)
            return nil
        }
        do throws(ValueProblem) {
            try key.assign(text, &configuration)
            return nil
        } catch {
            var problem = error
            problem.hint = problem.hint ?? Self.commonMistake(in: text)
            return problem
        }
    }

    /// What goes wrong with any key: quotes, and comments behind values.
    private static func commonMistake(in text: String) -> String? {
        if text.hasPrefix("\"") || text.hasPrefix("'") { return "write the value without quotes" }
        let words = text.split { $0 == " " || $0 == "\t" }
        let hasComment = words.dropFirst().contains { $0.hasPrefix("#") || $0.hasPrefix(";") }
        return hasComment ? "a comment stands on a line of its own" : nil
    }

    mutating func report(
        _ message: String, at offset: Int, of line: LogicalLine, key: String = "",
        in section: String = "", hint: String? = nil
    ) {
        let (number, column) = line.position(of: offset)
        report(
            message, line: number, column: column, key: key, in: section, hint: hint)
    }

    mutating func report(_ message: String, at position: Position, hint: String? = nil) {
        file = position.file
        report(
            message, line: position.line, column: position.column,
            in: ConfigurationKey.routeSection, hint: hint)
    }

    private mutating func report(
        _ message: String, line: Int = 0, column: Int = 0, key: String = "",
        in section: String = "", hint: String? = nil
    ) {
        guard problems.count < Limits.problems else {
            omittedCount += 1
            return
        }
        problems.append(
            ConfigurationProblem(
                file: file, line: line, column: column, section: section, key: key,
                message: message, hint: hint))
    }
}

extension [UInt8] {
    /// The offset of the first octet that is not part of valid UTF-8.
    fileprivate var firstInvalidUTF8: Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
