internal import Collections
internal import Control
internal import DNSCache
internal import DNSText
internal import DNSWire
internal import Forwarder
internal import NetAddress

/// The answer to a query of our own, and how it came about, in the manner of dig(1).
struct AnswerText {
    let query: OwnQuery
    let answer: [UInt8]
    let provenance: Provenance
    let duration: Interval

    var reply: ControlReply {
        let message = answer.span.octets
        guard let text = MessageText(message) else { return .error("there was no answer") }
        let body = query.isShort ? text.short : text.long + comments
        return ControlReply(words: query.isShort ? "" : text.code.text, body: body)
    }

    private var comments: String {
        let tenths = duration.microseconds / 100
        return ";; \(origin)\n;; took \(tenths / 10).\(tenths % 10) ms\n"
    }

    private var origin: String {
        switch provenance {
        case .memory:
            guard let memory = query.memory, memory.secondsLeft > 0 else {
                return "answered without asking a server"
            }
            return "from memory, \(memory.age) s old, \(memory.secondsLeft) s left"
        case .stale: return "from memory, \(query.memory?.age ?? 0) s old and expired (stale)"
        case .upstream(let server, let roundTrip, let sends):
            let tenths = roundTrip.microseconds / 100
            return "from \(server), round trip \(tenths / 10).\(tenths % 10) ms"
                + (sends > 1 ? ", asked \(sends) times" : "")
        case .local: return "known here, without asking a server"
        case .screened: return "a server's answer was not believed"
        case .filtered: return "a server's answer leads to a name that is not resolved"
        case .failure: return "no server gave an answer"
        }
    }
}

/// An answer in memory, with its age.
enum EntryText {
    /// A comment with what is known of it, then its records with the TTLs that are left.
    static func lines(_ entry: EntryCopy) -> String {
        let message = entry.message.span.octets
        guard let text = MessageText(message, age: entry.summary.age) else { return "" }
        let bits = (entry.dnssecOK ? " do" : "") + (entry.checkingDisabled ? " cd" : "")
        let summary = entry.summary
        let left = summary.secondsLeft > 0 ? "\(summary.secondsLeft) s left" : "expired"
        let code = ResponseCode(rawValue: entry.code).text
        return "; \(text.question)\(bits): \(code), \(summary.age) s old, \(left)\n" + text.records
    }
}
