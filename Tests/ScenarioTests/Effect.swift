import TestSupport

/// What the forwarder did, as those around it see it.
enum Effect {
    case open(upstream: Int, ordinal: Int)
    case close(upstream: Int, ordinal: Int)
    case query(upstream: Int, ordinal: Int, DecodedMessage)
    case answer(client: Int, DecodedMessage)
    case transfer(client: Int, upstream: Int)

    var description: String {
        switch self {
        case .open(let upstream, let ordinal): "open upstream \(upstream).\(ordinal)"
        case .close(let upstream, let ordinal): "close upstream \(upstream).\(ordinal)"
        case .query(let upstream, let ordinal, let query):
            "upstream \(upstream).\(ordinal) query \(UpstreamQuestion.text(query))"
        case .transfer(let client, let upstream):
            "client \(client) transfer from upstream \(upstream)"
        case .answer(let client, let answer): "client \(client) answer \(Self.text(answer))"
        }
    }

    private static func text(_ answer: DecodedMessage) -> String {
        var text = "rcode=\(Vocabulary.name(ofCode: answer.code))"
        text += " size=\(answer.bytes.count) records=\(answer.answers.count)"
        if answer.flags & 0x0200 != 0 { text += " tc" }
        if answer.flags & 0x0020 != 0 { text += " ad" }
        guard let error = answer.option(15), error.count >= 2 else { return text }
        text += " ede=\(Int(error[0]) << 8 | Int(error[1]))"
        return text + " text=\"\(String(decoding: error.dropFirst(2), as: UTF8.self))\""
    }
}
