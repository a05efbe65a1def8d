import DNSWire
import TestSupport

@testable import DNSCache

/// A cache with a writer, fed with whole messages and asked for whole messages.
struct CacheRig: ~Copyable {
    let cache: MessageCache
    private var writer: CacheWriter
    /// The wall clock.
    var time: UInt32 = 1_700_000_000

    init(_ settings: CacheSettings = CacheSettings(byteCount: 1 << 20), seed: UInt64 = 1) {
        var random = SplitMix64(seed: seed)
        self.init(
            MessageCache(settings: settings, hash: KeyedHash(random.next(), random.next())))
    }

    init(_ cache: MessageCache) {
        self.cache = cache
        writer = CacheWriter(cache)
    }

    /// What `ask` found.
    struct Found {
        let answer: CacheAnswer
        let bytes: [UInt8]

        var message: DecodedMessage? { bytes.isEmpty ? nil : DecodedMessage(bytes) }
        /// The TTLs of all records in turn.
        var ttls: [UInt32] {
            guard let message else { return [] }
            return (message.answers + message.authorities + message.additionals).map(\.ttl)
        }
    }

    /// A folded question.
    static func question(_ name: some StringProtocol, type: UInt16 = 1) -> [UInt8] {
        DomainName.wire(name.lowercased()) + [UInt8(type >> 8), UInt8(type & 255), 0, 1]
    }

    /// The beginning of an answer for `name`.
    static func answer(
        _ name: some StringProtocol, type: UInt16 = 1, code: UInt16 = 0, flags: UInt16 = 0x8180
    ) -> MessageBuilder {
        .query(name, type: type, flags: flags | code)
    }

    func key(
        _ question: [UInt8], dnssecOK: Bool = false, checkingDisabled: Bool = false
    )
        -> CacheKey
    {
        cache.hash.key(
            question.span.bytes, dnssecOK: dnssecOK, checkingDisabled: checkingDisabled)
    }

    /// Hands in an answer to its own question; false when it is no answer at all.
    @discardableResult
    mutating func store(_ message: MessageBuilder, now: UInt32, dnssecOK: Bool = false) -> Bool {
        let bytes = message.bytes
        guard let decoded = DecodedMessage(bytes) else { return false }
        let question =
            decoded.name.map { (65...90).contains($0) ? $0 + 32 : $0 }
            + bytes[(12 + decoded.name.count)..<(16 + decoded.name.count)]
        guard let response = try? Response(bytes.span.bytes, answering: question.span.bytes) else {
            return false
        }
        writer.store(
            response, of: bytes.span.bytes, question: question.span.bytes,
            key: key(question, dnssecOK: dnssecOK), now: now, time: time)
        return true
    }

    /// Stores the address of a name.
    mutating func store(_ name: String, address: UInt8 = 1, ttl: UInt32 = 300, now: UInt32) {
        var message = Self.answer(name)
        message.addRecord(type: 1, ttl: ttl, data: [192, 0, 2, address])
        store(message, now: now)
    }

    mutating func storeFailure(_ name: String, now: UInt32) {
        let question = Self.question(name)
        let outline = AnswerOutline(
            flags: [.response], code: .serverFailure, answerCount: 0, authorityCount: 0,
            additionalCount: 0)
        writer.storeFailure(
            outline, question: question.span.bytes, key: key(question), now: now)
    }

    static func reply(
        sizeLimit: Int = 1232, hasEDNS: Bool = true, flags: Flags = [.recursionDesired],
        dnssecOK: Bool = false
    ) -> Reply {
        Reply(
            id: 0x1234, flags: flags, hasEDNS: hasEDNS, dnssecOK: dnssecOK,
            sizeLimit: sizeLimit, payloadSize: 1232, keepalive: nil)
    }

    func ask(
        _ name: some StringProtocol, type: UInt16 = 1, as reply: Reply = reply(), now: UInt32,
        capacity: Int = 65_535
    ) -> Found {
        let question = Self.question(name, type: type)
        let key = key(question, dnssecOK: reply.dnssecOK)
        return found(capacity) { room in
            cache.answer(
                key, question: question.span.bytes, spelled: question.span.bytes, as: reply,
                now: now, into: &room)
        }
    }

    func askStale(
        _ name: some StringProtocol, as reply: Reply = reply(), now: UInt32,
        capacity: Int = 65_535
    ) -> Found {
        let question = Self.question(name)
        let key = key(question)
        return found(capacity) { room in
            cache.answerStale(
                key, question: question.span.bytes, spelled: question.span.bytes, as: reply,
                now: now, into: &room)
        }
    }

    private func found(
        _ capacity: Int, _ ask: (inout MutableRawSpan) -> CacheAnswer
    ) -> Found {
        var bytes = [UInt8](repeating: 0xee, count: capacity)
        let answer = withRoom(in: &bytes, ask)
        guard case .hit(let length, _) = answer else { return Found(answer: answer, bytes: []) }
        return Found(answer: answer, bytes: Array(bytes[..<length]))
    }
}
