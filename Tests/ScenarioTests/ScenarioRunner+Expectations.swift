import Forwarder
import TestSupport

extension ScenarioRunner {
    /// Compares the oldest thing done with what the rest of the line says.
    mutating func expect(_ statement: inout Statement) throws(Violation) {
        switch try statement.next("expectation") {
        case "nothing": try expectNothing()
        case "open": try expectConnection(&statement, isOpening: true)
        case "close": try expectConnection(&statement, isOpening: false)
        case "upstream": try expectQuery(&statement)
        case "client", "clients": try expectClients(&statement)
        case "counters": try expectCounters(&statement)
        case "health": try expectHealth(&statement)
        case "pending":
            let wanted = try Statement.parseNumber(try statement.next("number"))
            let found = worker.forwarder.pendingQueries
            guard found == wanted else { throw Violation("\(found) queries are pending") }
        case let word: throw Violation("\(word) cannot be expected")
        }
    }

    private mutating func oldest() throws(Violation) -> Effect {
        if worker.effects.isEmpty { throw Violation("nothing was done") }
        return worker.effects.removeFirst()
    }

    private mutating func expectConnection(
        _ statement: inout Statement, isOpening: Bool
    ) throws(Violation) {
        guard try statement.next("upstream") == "upstream" else {
            throw Violation("which upstream?")
        }
        let wanted = try statement.next("number")
        let effect = try oldest()
        switch effect {
        case .open(let upstream, let ordinal) where isOpening:
            if Self.names(wanted, upstream, ordinal) { return }
        case .close(let upstream, let ordinal) where !isOpening:
            if Self.names(wanted, upstream, ordinal) { return }
        default: break
        }
        throw Violation("instead: \(effect.description)")
    }

    /// Whether `1` or `1.2` means this connection.
    private static func names(_ wanted: String, _ upstream: Int, _ ordinal: Int) -> Bool {
        wanted == "\(upstream)" || wanted == "\(upstream).\(ordinal)"
    }

    /// Plays `expect upstream 1 query NAME TYPE [do] [cd]` or `expect upstream 1 queries 9`.
    private mutating func expectQuery(_ statement: inout Statement) throws(Violation) {
        let number = try statement.next("number")
        if try statement.next("query or queries") == "queries" {
            let count = try Statement.parseNumber(try statement.next("count"))
            for _ in 0..<count { _ = try takeQuery(number) }
            return
        }
        let name = DomainName.wire(try statement.next("name"))
        let type = try Vocabulary.type(try statement.next("type"))
        let recordClass = try statement.value("class").map(Vocabulary.recordClass) ?? 1
        // AD is always set, so that an answer that is kept tells whether it was validated.
        let flags: UInt16 = 0x0120 | (statement.flag("cd") ? 0x0010 : 0)
        let query = try takeQuery(number)
        try equal(DomainName.text(query.name), DomainName.text(name), "name")
        try equal(query.type, type, "type")
        try equal(query.recordClass, recordClass, "class")
        try equal(query.flags, flags, "flags")
        try equal(query.isDNSSECOK, statement.flag("do"), "DO")
        if let size = try statement.number("size") { try equal(query.bytes.count, size, "size") }
    }

    private mutating func takeQuery(_ number: String) throws(Violation) -> DecodedMessage {
        let effect = try oldest()
        if case .query(let upstream, let ordinal, let query) = effect,
            Self.names(number, upstream, ordinal)
        {
            return query
        }
        throw Violation("instead: \(effect.description)")
    }

    private mutating func expectClients(_ statement: inout Statement) throws(Violation) {
        let numbers = try Vocabulary.range(try statement.next("client"))
        let verb = try statement.next("answer or ignored")
        if verb == "transfer" { return try expectTransfer(numbers.lowerBound, &statement) }
        var rest = statement
        for number in numbers {
            rest = statement
            if verb == "ignored" {
                guard ignored.first == number else {
                    throw Violation("client \(number) was not ignored")
                }
                ignored.removeFirst()
                continue
            }
            let effect = try oldest()
            guard case .answer(number, let answer) = effect else {
                throw Violation("instead: \(effect.description)")
            }
            try AnswerExpectation(&rest).check(answer)
        }
        statement = rest
    }

    /// Plays `expect client 1 transfer upstream 3`.
    private mutating func expectTransfer(
        _ client: Int, _ statement: inout Statement
    ) throws(Violation) {
        guard try statement.next("upstream") == "upstream" else {
            throw Violation("from which upstream?")
        }
        let wanted = try Statement.parseNumber(try statement.next("number"))
        let effect = try oldest()
        if case .transfer(client, wanted) = effect { return }
        throw Violation("instead: \(effect.description)")
    }

    /// Plays `expect counters expired=1 hedged=1`; those not named are not looked at.
    private func expectCounters(_ statement: inout Statement) throws(Violation) {
        let counters = worker.forwarder.counters
        let known: [(String, UInt64)] = [
            ("queries", counters.queries), ("joined", counters.joined),
            ("dropped", counters.dropped),
            ("refused", counters.refused), ("overloaded", counters.overloaded),
            ("sent", counters.sent), ("hedged", counters.hedged),
            ("answered", counters.answered), ("failed", counters.failed),
            ("expired", counters.expired), ("discarded", counters.discarded),
            ("hits", counters.cacheHits), ("stale", counters.stale),
            ("prefetched", counters.prefetched), ("denied", counters.denied),
            ("limited", counters.limited), ("local", counters.local),
            ("filtered", counters.filtered), ("screened", counters.screened),
        ]
        for (name, value) in known {
            guard let wanted = try statement.number(name) else { continue }
            try equal(value, UInt64(wanted), name)
        }
    }

    /// Plays `expect health 1 down "refused"`.
    private func expectHealth(_ statement: inout Statement) throws(Violation) {
        let number = try Statement.parseNumber(try statement.next("upstream"))
        let reports = worker.forwarder.pool.report
        let found = reports.first { report in
            report.server.map { Int($0.endpoint.address.v4Bits & 255) } == number
        }
        guard let found else { throw Violation("upstream \(number) is not configured") }
        try equal(found.health.rawValue, try statement.next("health"), "health")
        if let text = statement.nextPlain() { try equal(found.failureText, text, "failure") }
    }
}

/// Throws when what was found is not what was wanted.
func equal<Value: Equatable>(
    _ found: Value, _ wanted: Value, _ what: String
) throws(Violation) {
    guard found == wanted else { throw Violation("\(what) is \(found), not \(wanted)") }
}
