internal import Configuration
internal import LinuxIO
internal import NetAddress
internal import Policy

/// Makes rules of a configuration and of the files that it names.
///
/// Belongs to the supervisor's thread: a million names take a while to read.
final class PolicyFiles {
    /// Something that was made of files, and what it was made of.
    private struct Made<Settings: Equatable, Value> {
        let settings: Settings
        let signatures: [FileSignature?]
        let value: Value
    }

    private let seed: (UInt64, UInt64)
    private var names: Made<LocalSettings, LocalNames>?
    private var filter: Made<FilterSettings, NameFilter?>?
    private var limiter: RateLimiter?
    /// What is worth a line in the log since the last call of `takeEntries`.
    private var entries: [LogEntry] = []

    /// Takes two secret random numbers.
    init(seed: (UInt64, UInt64)) {
        self.seed = seed
    }

    /// The files that `configuration` names.
    static func paths(_ configuration: Configuration) -> [String] {
        let hosts = configuration.local.hosts.path.map { [$0] } ?? []
        return hosts + configuration.filter.lists
    }

    /// Reads what has changed since the last time and makes the rules.
    ///
    /// What cannot be read is told and left out: names of hosts and lists come and go.
    func rules(_ configuration: Configuration, ownEndpoints: [Endpoint]) -> PolicyRules {
        var rules = PolicyRules()
        rules.access = Self.access(configuration.access, ownEndpoints)
        // Where nobody else can come, nobody is counted.
        rules.limiter = rules.access == nil ? nil : limiter(RateLimit(configuration.access))
        rules.tellsDenied = configuration.access.refusal == .refuse
        rules.names = makeNames(Self.local(configuration))
        rules.filter = makeFilter(configuration.filter)
        if configuration.filter.protectsPrivate {
            rules.screen = AnswerScreen(
                excepting: configuration.filter.privateDomains, seed: seed)
        }
        return rules
    }

    /// What is answered here, which is nothing that a route is for.
    ///
    /// A route for all names is for none in particular.
    private static func local(_ configuration: Configuration) -> LocalSettings {
        var local = configuration.local
        local.forwarded += configuration.routes.flatMap(\.domains).filter { $0 != .root }
        return local
    }

    /// The same one for the same limit: whoever has asked too often has done so under new rules,
    /// too.
    private func limiter(_ limit: RateLimit?) -> RateLimiter? {
        if limiter?.limit != limit { limiter = limit.map { RateLimiter($0, seed: seed) } }
        return limiter
    }

    /// Takes what is worth a line in the log.
    func takeEntries() -> [LogEntry] {
        defer { entries = [] }
        return entries
    }

    /// None where only the host itself can come; it may also come from an address that is served.
    static func access(_ settings: AccessSettings, _ ownEndpoints: [Endpoint]) -> AccessTable? {
        let own = ownEndpoints.map(\.address)
        guard !own.allSatisfy(\.isLoopback) else { return nil }
        let hosts = own.filter { !$0.isUnspecified }.compactMap {
            AddressPrefix($0.unmapped, length: $0.unmapped.family.bitCount)
        }
        return AccessTable(
            allowed: hosts + settings.allowed, denied: settings.denied,
            exempt: hosts + settings.rateExempt)
    }
}

// Names of hosts.
extension PolicyFiles {
    private func makeNames(_ settings: LocalSettings) -> LocalNames {
        let signatures = Self.signatures(settings.hosts.path.map { [$0] } ?? [])
        if let names, names.settings == settings, names.signatures == signatures,
            Self.areSettled(signatures)
        {
            return names.value
        }
        var reader = HostsReader()
        if let path = settings.hosts.path { read(path, with: &reader) }
        var source = LocalNamesSource()
        source.forwarded = settings.forwarded
        source.records = settings.records
        let value = source.makeNames(reader, seed: seed)
        names = Made(settings: settings, signatures: signatures, value: value)
        return value
    }

    private func read(_ path: String, with reader: inout HostsReader) {
        let error = feed(path, limit: PolicyLimits.hostsByteCount) { reader.feed($0) }
        reader.finish()
        // A host without such a file has nothing to say.
        if let error, error != .noSuchFile {
            note(.warning, "\(path) cannot be read: \(error)")
        }
        note(reader.problems, in: path)
    }

    private static func signatures(_ paths: [String]) -> [FileSignature?] {
        paths.map { FileSignature(path: $0) }
    }

    /// Whether the signatures would show another writing.
    private static func areSettled(_ signatures: [FileSignature?]) -> Bool {
        let now = Int64(Clock.realTimeSeconds())
        return signatures.allSatisfy { $0?.isSettled(at: now) ?? true }
    }
}

// Names that are not resolved.
extension PolicyFiles {
    private func makeFilter(_ settings: FilterSettings) -> NameFilter? {
        let signatures = Self.signatures(settings.lists)
        if let filter, filter.settings == settings, filter.signatures == signatures,
            Self.areSettled(signatures)
        {
            return filter.value
        }
        let value = settings.lists.isEmpty ? nil : readLists(settings)
        filter = Made(settings: settings, signatures: signatures, value: value)
        return value
    }

    private func readLists(_ settings: FilterSettings) -> NameFilter {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: seed))
        for path in settings.lists {
            let error = feed(path, limit: PolicyLimits.listByteCount) { reader.feed($0) }
            let found = reader.endList()
            if let error { note(.warning, "\(path) cannot be read: \(error)") }
            note(found.problems, in: path)
            note(.info, "\(path): \(found.names) names are not resolved")
        }
        var names = reader.finish()
        for name in settings.allowed { names.allow(name) }
        return names.finish(answer: NameFilter.Answer(settings.answer))
    }

    private func feed(
        _ path: String, limit: Int, _ body: (ArraySlice<UInt8>) -> Void
    ) -> Errno? {
        do throws(Errno) {
            try readFile(path: path, limit: limit, inPieces: body)
            return nil
        } catch {
            return error
        }
    }

    private func note(_ level: LogLevel, _ text: String) {
        entries.append(LogEntry(level, text))
    }

    private func note(_ problems: LineProblems, in path: String) {
        for problem in problems.first {
            note(.warning, "\(path):\(problem.line): \(problem.message)")
        }
        let rest = problems.count - problems.first.count
        if rest > 0 { note(.warning, "\(path): \(rest) more problems") }
    }
}

extension HostsFile {
    fileprivate var path: String? {
        switch self {
        case .none: nil
        case .path(let path): path
        }
    }
}

extension RateLimit {
    fileprivate init?(_ settings: AccessSettings) {
        guard settings.rateLimit > 0 else { return nil }
        self.init(
            rate: settings.rateLimit, burst: settings.rateBurst,
            prefixV4: settings.ratePrefixV4, prefixV6: settings.ratePrefixV6)
    }
}

extension NameFilter.Answer {
    fileprivate init(_ answer: FilterAnswer) {
        self =
            switch answer {
            case .nxdomain: .nameError
            case .nodata: .noData
            case .zero: .zero
            }
    }
}
