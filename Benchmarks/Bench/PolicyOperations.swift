internal import Collections
internal import DNSWire
internal import NetAddress
internal import Policy

/// Rules as operators have them.
enum SampleRules {
    static let seed: (UInt64, UInt64) = (0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210)

    /// What holds when nothing is configured: special names are answered.
    static var standard: PolicyRules {
        var rules = PolicyRules()
        rules.names = LocalNamesSource().makeNames(HostsReader(), seed: seed)
        return rules
    }

    /// The same with a list of so many names, none of which is asked for.
    static func filtering(_ count: Int) -> PolicyRules {
        var rules = standard
        rules.filter = filter(count)
        return rules
    }

    /// Names of 17 octets on average, two to three labels, as in the lists that are in use; of
    /// every length that the names asked for have, so that none of these is passed over for its
    /// length.
    static func filter(_ count: Int) -> NameFilter {
        var reader = FilterListReader(adding: NameFilterBuilder(seed: seed))
        for number in 0..<count {
            let line =
                switch number % 4 {
                case 0, 2: "ad\(number).tracker.com\n"
                case 1: "s\(number)-metrics.com\n"
                default: "x\(number % 1000)-\(number / 1000).org\n"
                }
            reader.feed(Array(line.utf8)[...])
        }
        let found = reader.endList()
        precondition(found.names == count && found.problems.count == 0)
        return reader.finish().finish(answer: .nameError)
    }
}

/// The question whether a name is resolved, with a million names that are not.
struct LookUpFilter: Operation, ~Copyable {
    let name: String
    private let filter: NameFilter
    private let question: [UInt8]
    private let isBlocked: Bool
    private var reply = ByteSlab(count: 1, slotSize: 4096)

    init(name: String, filter: NameFilter, asking question: [UInt8], isBlocked: Bool) {
        self.name = name
        self.filter = filter
        self.question = question
        self.isBlocked = isBlocked
    }

    mutating func run(_ count: Int) -> Int {
        var blocked = 0
        for _ in 0..<count { blocked &+= Self.ask(filter, question, &reply) ? 1 : 0 }
        precondition(blocked == (isBlocked ? count : 0))
        return blocked
    }

    private static func ask(
        _ filter: NameFilter, _ question: [UInt8], _ reply: inout ByteSlab
    ) -> Bool {
        let writer = Reply(
            id: 1, flags: .recursionDesired, hasEDNS: true,
            dnssecOK: false, sizeLimit: 1232, payloadSize: 1232, keepalive: nil)
        var reply = reply.mutableSpan(0)
        let question = unsafe question.span.bytes
        return filter.blocks(question, length: question.byteCount - 4)
            && filter.answer(question, as: writer, into: &reply) != nil
    }
}

/// The counting of the queries of many clients.
struct CountClients: Operation, ~Copyable {
    let name = "a query of a client that is counted"
    private let access: AccessTable
    private let limiter = RateLimiter(RateLimit(rate: 1000, burst: 1000), seed: SampleRules.seed)
    private var now = Instant(microseconds: 1_000_000)

    init() {
        let prefixes = (0..<64).compactMap { number in
            AddressPrefix(IPAddress(v4: 0x0a00_0000 | UInt32(number) << 16), length: 16)
        }
        access = AccessTable(allowed: prefixes, denied: [], exempt: [])
    }

    mutating func run(_ count: Int) -> Int {
        var admitted = 0
        for number in 0..<count {
            now = now + Interval(microseconds: 1)
            let client = IPAddress(v4: 0x0a00_0001 | UInt32(number & 0x3fff) << 8)
            guard access.standing(of: client) == .allowed else { continue }
            if limiter.admits(client, now: now) { admitted &+= 1 }
        }
        precondition(admitted > 0)
        return admitted
    }
}
