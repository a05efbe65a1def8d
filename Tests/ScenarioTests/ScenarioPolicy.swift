import NetAddress
import Policy

/// What the statements `policy` and `hosts` have said.
struct ScenarioPolicy {
    private var allowed: [AddressPrefix] = []
    private var denied: [AddressPrefix] = []
    private var exempt: [AddressPrefix] = []
    private var limiter: RateLimiter?
    private var tellsDenied = true
    private var answersNames = false
    private var forwarded: [FoldedName] = []
    private var hosts: [String] = []
    private var blocked: [String] = []
    private var unblocked: [FoldedName] = []
    private var answer = NameFilter.Answer.nameError
    private var screens = false
    private var excepted: [FoldedName] = []

    /// Takes what a `policy` statement adds.
    mutating func take(_ statement: inout Statement) throws(Violation) {
        allowed += try Self.prefixes("allow", &statement)
        denied += try Self.prefixes("deny", &statement)
        exempt += try Self.prefixes("exempt", &statement)
        if let rate = try statement.number("rate") {
            let burst = try statement.number("burst") ?? rate
            let limit = rate > 0 ? RateLimit(rate: rate, burst: burst) : nil
            limiter = limit.map { RateLimiter($0, seed: (11, 12)) }
        }
        if statement.flag("drop") { tellsDenied = false }
        if statement.flag("special") { answersNames = true }
        forwarded += try Self.names("forward", &statement)
        while let line = statement.value("block") { blocked.append(line) }
        unblocked += try Self.names("unblock", &statement)
        if let word = statement.value("answer") { answer = try Self.answer(word) }
        if statement.flag("protect") { screens = true }
        excepted += try Self.names("except", &statement)
    }

    mutating func addHosts(_ line: String) {
        hosts.append(line)
    }

    var rules: PolicyRules {
        var rules = PolicyRules()
        rules.tellsDenied = tellsDenied
        rules.limiter = limiter
        if !(allowed + denied).isEmpty {
            rules.access = AccessTable(allowed: allowed, denied: denied, exempt: exempt)
        }
        if answersNames || !hosts.isEmpty || !forwarded.isEmpty { rules.names = names }
        if !blocked.isEmpty { rules.filter = filter }
        if screens { rules.screen = AnswerScreen(excepting: excepted, seed: (15, 16)) }
        return rules
    }

    private var names: LocalNames {
        var reader = HostsReader()
        reader.feed(Array(hosts.joined(separator: "\n").utf8)[...])
        reader.finish()
        var source = LocalNamesSource()
        source.forwarded = forwarded
        return source.makeNames(reader, seed: (13, 14))
    }

    private var filter: NameFilter {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: (17, 18)))
        reader.feed(Array(blocked.joined(separator: "\n").utf8)[...])
        _ = reader.endList()
        var builder = reader.finish()
        for name in unblocked { builder.allow(name) }
        return builder.finish(answer: answer)
    }

    private static func prefixes(
        _ key: String, _ statement: inout Statement
    ) throws(Violation) -> [AddressPrefix] {
        var prefixes: [AddressPrefix] = []
        while let text = statement.value(key) {
            guard let prefix = AddressPrefix(text) else { throw Violation("\(text) is no prefix") }
            prefixes.append(prefix)
        }
        return prefixes
    }

    private static func names(
        _ key: String, _ statement: inout Statement
    ) throws(Violation) -> [FoldedName] {
        var names: [FoldedName] = []
        while let text = statement.value(key) {
            guard let name = FoldedName(text) else { throw Violation("\(text) is no name") }
            names.append(name)
        }
        return names
    }

    private static func answer(_ word: String) throws(Violation) -> NameFilter.Answer {
        switch word {
        case "nxdomain": return .nameError
        case "nodata": return .noData
        case "zero": return .zero
        default: throw Violation("\(word) is no answer")
        }
    }
}

extension ScenarioRunner {
    /// Plays `policy allow=10.0.0.0/8 deny=10.1.0.0/16 exempt=10.2.0.0/16 rate=10 burst=5 drop
    /// special forward=corp.test block=ads.example unblock=ok.example answer=zero protect
    /// except=intra.example`; all of it adds up, and counts at once.
    mutating func setPolicy(_ statement: inout Statement) throws(Violation) {
        try policy.take(&statement)
        worker.forwarder.adopt(policy.rules)
    }

    /// Plays `hosts "192.0.2.1 box.example box"`, one more line of the hosts file.
    mutating func setHosts(_ statement: inout Statement) throws(Violation) {
        policy.addHosts(try statement.next("line"))
        worker.forwarder.adopt(policy.rules)
    }
}
