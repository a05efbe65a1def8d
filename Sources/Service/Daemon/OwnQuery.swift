internal import Control
internal import DNSCache
internal import DNSWire
internal import NetAddress

/// A query that a client of the control socket has us ask ourselves.
struct OwnQuery {
    let client: ControlClientID
    /// In wire format and lower case.
    let name: [UInt8]
    let type: UInt16
    /// Whether only the data of the answer is wanted.
    let isShort: Bool
    let askedAt: Instant
    /// What was in memory when it was asked.
    var memory: EntrySummary?

    init(client: ControlClientID, name: [UInt8], type: UInt16, isShort: Bool, at now: Instant) {
        self.client = client
        self.name = name
        self.type = type
        self.isShort = isShort
        askedAt = now
    }

    /// Name, TYPE and CLASS.
    var question: [UInt8] {
        name + [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 1]
    }

    /// The whole query: RD and AD, and an OPT record so that errors come with their reason.
    var message: [UInt8] {
        let flags = Flags([.recursionDesired, .authenticData]).rawValue
        let header: [UInt8] = [
            0, 1, UInt8(flags >> 8), UInt8(truncatingIfNeeded: flags), 0, 1, 0, 0, 0, 0, 0, 1,
        ]
        let option: [UInt8] = [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]
        return header + question + option
    }
}
