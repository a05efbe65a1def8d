internal import Collections
internal import DNSCache
internal import DNSWire
internal import Forwarder
internal import NetAddress
internal import Policy

/// The life of a query in the core that is answered from memory: received and replied to.
struct AnswerFromMemory: Operation, ~Copyable {
    let name: String
    private let query = SampleMessage.query
    private var reply = ByteSlab(count: 1, slotSize: 4096)
    // Time moves on so little that the answer does not expire, however often this is done.
    private var now = Instant(microseconds: 1_000_000)
    private var forwarder: Forwarder

    init(name: String = "a query answered from memory", rules: PolicyRules = PolicyRules()) {
        self.name = name
        let cache = FullCache.make()
        let question = SampleMessage.question
        let answer = SampleMessage.response(records: 1)
        var writer = CacheWriter(cache)
        FullCache.store(answer, question, in: &writer)
        forwarder = Forwarder(
            settings: ForwarderSettings(), cache: cache, now: now, random: SeededGenerator())
        forwarder.adopt(rules)
    }

    mutating func run(_ count: Int) -> Int {
        var total = 0
        for _ in 0..<count {
            now = now + Interval(microseconds: 1)
            total &+= Self.receive(query, now, &forwarder, &reply)
        }
        return total
    }

    private static func receive(
        _ query: [UInt8], _ now: Instant, _ forwarder: inout Forwarder, _ reply: inout ByteSlab
    ) -> Int {
        let client = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 40_000)
        var reply = reply.mutableSpan(0)
        let disposition = unsafe forwarder.received(
            query.span.bytes, from: Source(.datagram, client), now: now, reply: &reply)
        guard case .replied(let length) = disposition else {
            preconditionFailure("the answer is not in memory")
        }
        return length
    }
}

/// An answer to a new question kept where another must go for it.
struct KeepInFullCache: Operation, ~Copyable {
    let name = "keeping of an answer in a full cache"
    private let cache = FullCache.make()
    private var writer: CacheWriter
    private var message = NumberedAnswer(firstLetter: "k")

    init() {
        writer = CacheWriter(cache)
    }

    mutating func run(_ count: Int) -> Int {
        let evictions = cache.statistics.evictions
        for _ in 0..<count {
            message.advance()
            FullCache.store(message, in: &writer)
        }
        let evicted = Int(cache.statistics.evictions &- evictions)
        precondition(evicted > count / 2, "the cache was not full")
        return evicted
    }
}

/// A question that is not in a full cache.
struct MissInFullCache: Operation, ~Copyable {
    let name = "a question that is not in memory"
    private let cache = FullCache.make()
    private var message = NumberedAnswer(firstLetter: "m")
    private var reply = ByteSlab(count: 1, slotSize: 4096)

    mutating func run(_ count: Int) -> Int {
        var misses = 0
        for _ in 0..<count {
            message.advance()
            misses &+= Self.isMiss(message.question, cache, &reply) ? 1 : 0
        }
        precondition(misses == count, "a name that was never stored is there")
        return misses
    }

    private static func isMiss(
        _ asked: [UInt8], _ cache: MessageCache, _ reply: inout ByteSlab
    ) -> Bool {
        let writer = Reply(
            id: 1, flags: .recursionDesired, hasEDNS: true, dnssecOK: false,
            sizeLimit: 1232, payloadSize: 1232, keepalive: nil)
        let question = unsafe asked.span.bytes
        let key = cache.hash.key(question, dnssecOK: false, checkingDisabled: false)
        var reply = reply.mutableSpan(0)
        return cache.answer(
            key, question: question, spelled: question, as: writer, now: FullCache.now,
            into: &reply) == .miss
    }
}

/// A cache of the default size with no room left.
private enum FullCache {
    static let now: UInt32 = 1

    static func make() -> MessageCache {
        let settings = CacheSettings()
        let cache = MessageCache(settings: settings, hash: KeyedHash(0x0123_4567, 0x89ab_cdef))
        var writer = CacheWriter(cache)
        var message = NumberedAnswer(firstLetter: "f")
        // More than it takes, whatever an entry costs.
        for _ in 0..<(2 * settings.byteCount / message.answer.count) {
            message.advance()
            store(message, in: &writer)
        }
        precondition(cache.statistics.evictions > 0, "the cache is not full")
        return cache
    }

    static func store(_ message: borrowing NumberedAnswer, in writer: inout CacheWriter) {
        let question = message.question
        let answer = message.answer
        write(message.response, answer, question, in: &writer)
    }

    static func store(_ answer: [UInt8], _ question: [UInt8], in writer: inout CacheWriter) {
        guard
            let response = try? unsafe Response(
                answer.span.bytes, answering: question.span.bytes)
        else { preconditionFailure("the sample is no answer") }
        write(response, answer, question, in: &writer)
    }

    private static func write(
        _ response: Response, _ answer: [UInt8], _ question: [UInt8],
        in writer: inout CacheWriter
    ) {
        let asked = unsafe question.span.bytes
        let key = writer.cache.hash.key(asked, dnssecOK: false, checkingDisabled: false)
        unsafe writer.store(
            response, of: answer.span.bytes, question: asked, key: key, now: now,
            time: 1_700_000_000)
    }
}

/// A typical answer, of about 130 octets, to a question that no other is like.
private struct NumberedAnswer: ~Copyable {
    private static let digits = 8
    private static let records = 5

    private(set) var question: [UInt8]
    private(set) var answer: [UInt8]
    /// Where things are, which is the same for every number.
    let response: Response
    private var number: UInt32 = 0

    init(firstLetter: Unicode.Scalar) {
        let label = [UInt8(ascii: firstLetter)] + [UInt8](repeating: 0x61, count: Self.digits)
        let question = SampleMessage.question(of: label)
        let answer = SampleMessage.plainResponse(to: question, records: Self.records)
        guard
            let response = try? unsafe Response(
                answer.span.bytes, answering: question.span.bytes)
        else { preconditionFailure("the sample is no answer") }
        self.question = question
        self.answer = answer
        self.response = response
    }

    /// Makes it the answer to the next name.
    mutating func advance() {
        number &+= 1
        // The length and the letter come before the digits.
        for digit in 0..<Self.digits {
            let letter = 0x61 + UInt8(truncatingIfNeeded: number >> (4 * UInt32(digit)) & 15)
            question[2 + digit] = letter
            answer[Question.offset + 2 + digit] = letter
        }
    }
}
