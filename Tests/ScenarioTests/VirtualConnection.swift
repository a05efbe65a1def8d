import Forwarder
import TestSupport
import Upstream

/// One connection of a scenario as the server at its other end sees it.
struct VirtualConnection {
    enum Phase {
        case connecting
        case ready
        case closed
    }

    let id: ConnectionID
    /// The scenario's number of the upstream.
    let upstream: Int
    /// How many connections to this upstream there were, this one included.
    let ordinal: Int
    var phase = Phase.connecting
    /// What was asked here, oldest first.
    var queries: [UpstreamQuestion] = []
    private var ids: Set<UInt16> = []

    init(id: ConnectionID, upstream: Int, ordinal: Int) {
        self.id = id
        self.upstream = upstream
        self.ordinal = ordinal
    }

    var name: String { "upstream \(upstream).\(ordinal)" }

    /// Takes a query; throws when it is not what every query must be.
    mutating func receive(_ bytes: [UInt8], block: Int) throws(Violation) -> UpstreamQuestion {
        guard let query = DecodedMessage(bytes) else {
            throw Violation("\(name) was sent what is no message: \(hexadecimal(bytes))")
        }
        let isFirst = queries.isEmpty
        try require(phase == .ready, "while it was not connected")
        try require(bytes.count % block == 0, "of \(bytes.count) octets, not padded")
        try require(query.flags & 0xfe6f == 0x0020, "with flags \(query.flags)")
        try require(query.questionCount == 1, "with \(query.questionCount) questions")
        try require(
            query.answers.isEmpty && query.authorities.isEmpty && query.additionals.isEmpty,
            "with records")
        try require(query.name == query.name.map(Self.lowered), "with upper-case letters")
        try require(query.option != nil && query.option(12) != nil, "without EDNS or padding")
        try require((query.option(11) != nil) == isFirst, "with keepalive not as the first")
        try require(
            query.options.allSatisfy { $0.code == 11 || $0.code == 12 }, "with other options")
        try require(ids.insert(query.id).inserted, "with an id that was used before")
        let question = UpstreamQuestion(query: query)
        queries.append(question)
        return question
    }

    /// The oldest unanswered question for `name` and `type`, or with `again` the last one asked.
    func place(ofName name: [UInt8], type: UInt16, again: Bool) -> Int? {
        let matches = queries.indices.filter {
            queries[$0].query.name == name && queries[$0].query.type == type
        }
        return again ? matches.last : matches.first { !queries[$0].isAnswered }
    }

    /// An id under which nothing was ever asked here.
    var unusedID: UInt16 {
        (UInt16.min...UInt16.max).first { !ids.contains($0) } ?? 0
    }

    private func require(_ holds: Bool, _ complaint: String) throws(Violation) {
        guard holds else { throw Violation("\(name) was sent a query \(complaint)") }
    }

    private static func lowered(_ octet: UInt8) -> UInt8 {
        (65...90).contains(octet) ? octet + 32 : octet
    }
}

/// A query as it reached an upstream.
struct UpstreamQuestion {
    let query: DecodedMessage
    var isAnswered = false

    var description: String {
        "\(DomainName.text(query.name)) \(Vocabulary.name(ofType: query.type))"
    }
}
