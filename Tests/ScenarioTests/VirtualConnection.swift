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
    let carrier: Carrier
    /// How many connections to this upstream there were, this one included.
    let ordinal: Int
    var phase = Phase.connecting
    /// What was asked here, oldest first.
    var queries: [UpstreamQuestion] = []
    private var ids: Set<UInt16> = []
    /// Datagrams whose socket is closed, so that nobody hears an answer.
    private(set) var finished: Set<UInt16> = []

    init(id: ConnectionID, upstream: Int, carrier: Carrier, ordinal: Int) {
        self.id = id
        self.carrier = carrier
        phase = carrier == .datagram ? .ready : .connecting
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
        if carrier == .datagram, let again = try repeated(query) { return again }
        try require(phase == .ready, "while it was not connected")
        let isPadded = carrier == .tls
        try require(
            !isPadded || bytes.count % block == 0, "of \(bytes.count) octets, not padded")
        try require(query.flags & 0xfe6f == 0x0020, "with flags \(query.flags)")
        try require(query.questionCount == 1, "with \(query.questionCount) questions")
        try require(
            query.answers.isEmpty && query.authorities.isEmpty && query.additionals.isEmpty,
            "with records")
        let isSpelled = query.name != query.name.map(Self.lowered)
        try require(isSpelled == (carrier == .datagram), "with the wrong spelling")
        try require(query.option != nil, "without EDNS")
        try require((query.option(12) != nil) == isPadded, "with the wrong padding")
        try require(
            (query.option(11) != nil) == (isFirst && carrier != .datagram),
            "with keepalive not as the first")
        try require(
            query.options.allSatisfy { $0.code == 11 || $0.code == 12 }, "with other options")
        try require(ids.insert(query.id).inserted, "with an id that was used before")
        let question = try UpstreamQuestion(sent: query)
        queries.append(question)
        return question
    }

    /// The same query once more, which must be the same in every bit.
    private func repeated(_ query: DecodedMessage) throws(Violation) -> UpstreamQuestion? {
        guard let known = queries.last(where: { $0.sent.id == query.id }) else { return nil }
        try require(known.sent.bytes == query.bytes, "again that was another one")
        try require(!finished.contains(query.id), "from a closed socket")
        return known
    }

    /// Notes that the socket of a datagram is closed.
    mutating func finish(_ messageID: UInt16) throws(Violation) {
        try require(
            carrier == .datagram && ids.contains(messageID), "that it was never sent")
        try require(finished.insert(messageID).inserted, "whose socket is closed already")
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

    static func lowered(_ octet: UInt8) -> UInt8 {
        (65...90).contains(octet) ? octet + 32 : octet
    }
}

/// A query as it reached an upstream.
struct UpstreamQuestion {
    /// As it was sent, and with its name in lower case.
    let sent: DecodedMessage
    let query: DecodedMessage
    var isAnswered = false

    init(sent: DecodedMessage) throws(Violation) {
        self.sent = sent
        let end = 12 + sent.name.count
        let folded = sent.bytes.enumerated().map { place, octet in
            (12..<end).contains(place) ? VirtualConnection.lowered(octet) : octet
        }
        guard let query = DecodedMessage(folded) else { throw Violation("no message") }
        self.query = query
    }

    /// What `query` asks.
    static func text(_ query: DecodedMessage) -> String {
        "\(DomainName.text(query.name)) \(Vocabulary.name(ofType: query.type))"
    }
}
