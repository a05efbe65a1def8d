import NetAddress

/// What the well-behaved server knows: an answer for every name, stated by the name itself.
///
/// An address is a hash of the name that was asked for, so an answer that reached the wrong
/// question shows. Labels other than the last one give instructions: `nx`, `nodata`, `servfail`,
/// `refused`, `tc`, `ad`, `cname` or `cname-3` (links in the chain), `ttl-60`, `delay-250`
/// (milliseconds), `txt-4000` (octets of text). They combine: `ttl-5.delay-100.www.example`.
public struct AnswerBook: Sendable {
    /// The TTL of records whose name states none.
    public var ttl: UInt32 = 300
    /// The TTL of negative answers whose name states none.
    public var negativeTTL: UInt32 = 60
    /// The idle time that answers to a keepalive option (RFC 7828) announce.
    public var keepaliveTimeout = Interval.seconds(10)
    /// Whether addresses are those that no right answer has (`forgedAddress4`, `forgedAddress6`).
    public var isForged = false

    /// The addresses of names that have those, and no others.
    public var hosts: [TestName: [IPAddress]] = [:]

    /// The address in forged answers, for tests to look for.
    public static let forgedAddress4 = IPAddress(v4: 0xc000_0242)
    /// The address in forged answers, for tests to look for.
    public static let forgedAddress6 = IPAddress(v6High: 0x2001_0db8_0000_0000, low: 0xbad)

    public init() {}

    /// The 64-bit FNV-1a hash of the name's text in lower case, without a final dot.
    public static func hash(_ name: TestName) -> UInt64 {
        name.lowercased.description.utf8.reduce(0xcbf2_9ce4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x100_0000_01b3
        }
    }

    /// The A record of `name`: 10.0.0.0/8 with the low 24 bits of its hash.
    public static func address4(_ name: TestName) -> IPAddress {
        IPAddress(v4: 0x0a00_0000 | UInt32(hash(name) & 0xff_ffff))
    }

    /// The AAAA record of `name`: fd00::/8, the hash in the last 64 bits.
    public static func address6(_ name: TestName) -> IPAddress {
        IPAddress(v6High: 0xfd00_0000_0000_0000, low: hash(name))
    }

    /// The text that a TXT record of `count` octets for `name` holds.
    public static func text(_ name: TestName, count: Int) -> [UInt8] {
        let unit = Array("\(name.lowercased) ".utf8)
        return (0..<count).map { unit[$0 % unit.count] }
    }

    /// The answer to a query of any kind; FORMERR where there is no single question in it.
    public func answer(to query: TestMessage) -> [UInt8] {
        guard query.opcode == 0 else { return failure(4, query) }
        guard query.questions.count == 1, query.isWellFormed else { return failure(1, query) }
        let question = query.questions[0]
        let wanted = Instructions(question.name)
        var reply = ReplyBuilder(query: query, question: question)
        reply.edns = edns(for: query)
        if wanted.flags.contains("ad") { reply.flags |= 0x0020 }
        if wanted.flags.contains("tc") {
            reply.flags |= 0x0200
        } else if let rcode = wanted.rcode {
            reply.flags |= rcode
        } else if wanted.flags.contains("nx") {
            reply.flags |= ResponseCode.nameError
            reply.addAuthority(ttl: wanted.ttl ?? negativeTTL)
        } else if wanted.flags.contains("nodata") || !addRecords(to: &reply, wanted) {
            reply.addAuthority(ttl: wanted.ttl ?? negativeTTL)
        }
        return reply.bytes
    }

    /// How long the name of a query asks the server to think.
    func delay(of query: TestMessage) -> Interval {
        query.questions.first.map { Instructions($0.name).delay } ?? .zero
    }

    /// Adds what there is of the wanted type and says whether there was anything.
    private func addRecords(to reply: inout ReplyBuilder, _ wanted: Instructions) -> Bool {
        let ttl = wanted.ttl ?? self.ttl
        let name = reply.question.name
        if let addresses = hosts[name.lowercased] {
            return add(addresses, to: &reply, ttl: ttl)
        }
        for _ in 0..<wanted.chainLength { reply.addAlias(ttl: ttl) }
        switch reply.question.type {
        case RecordType.cname: return wanted.chainLength > 0
        case RecordType.a, RecordType.any:
            let address = isForged ? Self.forgedAddress4 : Self.address4(name)
            reply.addAnswer(type: RecordType.a, ttl: ttl, data: address.octets)
        case RecordType.aaaa:
            let address = isForged ? Self.forgedAddress6 : Self.address6(name)
            reply.addAnswer(ttl: ttl, data: address.octets)
        case RecordType.txt:
            let text = Self.text(name, count: wanted.textByteCount)
            reply.addAnswer(ttl: ttl, data: Self.characterStrings(text))
        case RecordType.mx:
            // Preference 10, `mail` below the question's name, which is compressed.
            reply.addAnswer(ttl: ttl, data: [0, 10, 4] + Array("mail".utf8) + [0xc0, 12])
        case 65_280...65_534:
            // Types for private use: octets that nobody may look into (RFC 3597).
            reply.addAnswer(ttl: ttl, data: Self.address6(name).octets)
        default: return wanted.chainLength > 0
        }
        return true
    }

    private func add(_ addresses: [IPAddress], to reply: inout ReplyBuilder, ttl: UInt32) -> Bool {
        let family = reply.question.type == RecordType.aaaa ? IPAddress.Family.v6 : .v4
        let known = addresses.filter { $0.family == family }
        for address in known { reply.addAnswer(ttl: ttl, data: address.octets) }
        return !known.isEmpty
    }

    private func failure(_ rcode: UInt16, _ query: TestMessage) -> [UInt8] {
        var writer = WireWriter()
        writer.uint16(query.id)
        writer.uint16(0x8080 | query.flags & 0x7900 | rcode)
        for _ in 0..<4 { writer.uint16(0) }
        return writer.bytes
    }

    private func edns(for query: TestMessage) -> TestEDNS? {
        guard let asked = query.edns else { return nil }
        var edns = TestEDNS(dnssecOK: asked.dnssecOK)
        if asked.option(OptionCode.keepalive) != nil {
            let units = UInt16(truncatingIfNeeded: keepaliveTimeout.microseconds / 100_000)
            let data = [UInt8(units >> 8), UInt8(truncatingIfNeeded: units)]
            edns.options.append(.init(code: OptionCode.keepalive, data: data))
        }
        if asked.option(OptionCode.padding) != nil {
            edns.options.append(.init(code: OptionCode.padding, data: []))
        }
        return edns
    }

    /// The text in strings of at most 255 octets (RFC 1035 section 3.3.14).
    static func characterStrings(_ text: [UInt8]) -> [UInt8] {
        var data: [UInt8] = text.isEmpty ? [0] : []
        for start in stride(from: 0, to: text.count, by: 255) {
            let part = text[start..<min(start + 255, text.count)]
            data += [UInt8(part.count)] + part
        }
        return data
    }
}
