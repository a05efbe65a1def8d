import NetAddress
import TestSupport
import Upstream

extension ScenarioRunner {
    /// The place of the connection that `1` (the last one opened and not closed) or `1.2` (the
    /// second one ever) names.
    func place(_ word: String) throws(Violation) -> Int {
        let parts = word.split(separator: ".").map(String.init)
        let upstream = try Statement.parseNumber(parts.first ?? "")
        let ordinal = parts.count == 2 ? try Statement.parseNumber(parts[1]) : nil
        let found = worker.connections.lastIndex { connection in
            connection.upstream == upstream && connection.phase != .closed
                && (ordinal == nil || connection.ordinal == ordinal)
        }
        guard let found else { throw Violation("no connection to upstream \(word)") }
        return found
    }

    /// Plays `connect upstream 1`.
    mutating func connect(_ statement: inout Statement) throws(Violation) {
        let place = try connection(&statement)
        guard worker.connections[place].phase == .connecting else {
            throw Violation("\(worker.connections[place].name) is connected already")
        }
        try worker.connect(place)
    }

    /// Plays `fail upstream 1 verification "expired on 2020-01-01"`.
    mutating func fail(_ statement: inout Statement) throws(Violation) {
        let place = try connection(&statement)
        let word = try statement.next("failure")
        let failure = try Vocabulary.failure(word)
        try worker.lose(place, failure, text: statement.nextPlain() ?? word)
    }

    /// Plays `upstream 1 answer NAME TYPE ...` or `upstream 1 sends HEX`.
    mutating func upstream(_ statement: inout Statement) throws(Violation) {
        let place = try place(try statement.next("upstream"))
        let verb = try statement.next("answer or sends")
        let times = try statement.number("times") ?? 1
        let message =
            verb == "answer" ? try answer(at: place, &statement) : try raw(&statement)
        for _ in 0..<times {
            guard worker.connections[place].phase == .ready else { break }
            try worker.answer(place, message)
        }
    }

    private func raw(_ statement: inout Statement) throws(Violation) -> [UInt8] {
        guard let message = octets(hexadecimal: try statement.next("octets")) else {
            throw Violation("no hexadecimal octets")
        }
        return message
    }

    private mutating func answer(
        at place: Int, _ statement: inout Statement
    ) throws(Violation) -> [UInt8] {
        let name = DomainName.wire(try statement.next("name"))
        let type = try Vocabulary.type(try statement.next("type"))
        let again = statement.flag("again")
        let found = worker.connections[place].place(ofName: name, type: type, again: again)
        guard let found else {
            throw Violation("\(worker.connections[place].name) was not asked that")
        }
        let query = worker.connections[place].queries[found].sent
        var id = query.id
        if statement.flag("id=other") {
            id = worker.connections[place].unusedID
        } else {
            worker.connections[place].queries[found].isAnswered = true
        }
        return try UpstreamMessage.answer(to: query, id: id, &statement)
    }

    /// Plays `exchange 65000 queries upstream 1`, one after the other.
    ///
    /// Nothing else may happen meanwhile, and only the ids of the answers are looked at.
    mutating func exchange(_ statement: inout Statement) throws(Violation) {
        let count = try Statement.parseNumber(try statement.next("count"))
        guard try statement.next("queries") == "queries" else { throw Violation("what?") }
        try worker.exchange(count, on: try connection(&statement))
    }

    private func connection(_ statement: inout Statement) throws(Violation) -> Int {
        guard try statement.next("upstream") == "upstream" else {
            throw Violation("which upstream?")
        }
        return try place(try statement.next("number"))
    }
}
