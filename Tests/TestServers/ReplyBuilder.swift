/// A reply being put together for one question.
struct ReplyBuilder {
    let question: TestMessage.Question
    /// The second 16 bits of the header.
    var flags: UInt16
    var edns: TestEDNS?
    private let id: UInt16
    private var answers = WireWriter()
    private var authorities = WireWriter()
    private var counts: (answers: UInt16, authorities: UInt16) = (0, 0)
    /// Where the next record's owner stands: a pointer to the question, or an alias's target.
    private var owner: [UInt8] = [0xc0, 12]

    init(query: TestMessage, question: TestMessage.Question) {
        self.question = question
        id = query.id
        // QR and RA; RD and CD as in the query.
        flags = 0x8080 | query.flags & 0x0110
    }

    mutating func addAnswer(type: UInt16? = nil, ttl: UInt32, data: [UInt8]) {
        answers.record(
            owner: owner, type: type ?? question.type, class: question.class, ttl: ttl, data: data)
        counts.answers += 1
    }

    /// Adds a CNAME to `aliasN.` below the question's name; later answers belong to the target.
    mutating func addAlias(ttl: UInt32) {
        let label = Array("alias\(counts.answers + 1)".utf8)
        let target = [UInt8(label.count)] + label + [0xc0, 12]
        addAnswer(type: RecordType.cname, ttl: ttl, data: target)
        owner = target
    }

    /// Adds the SOA of the zone that the question's last label is (RFC 2308 section 3).
    mutating func addAuthority(ttl: UInt32) {
        let offset = question.name.labels.dropLast().reduce(12) { $0 + $1.count + 1 }
        let zone = [0xc0 | UInt8(truncatingIfNeeded: offset >> 8), UInt8(offset & 255)]
        var data = WireWriter()
        data.octets([2] + Array("ns".utf8) + zone + [10] + Array("hostmaster".utf8) + zone)
        for value in [1, 3600, 600, 86_400, ttl] { data.uint32(value) }
        authorities.record(owner: zone, type: RecordType.soa, ttl: ttl, data: data.bytes)
        counts.authorities += 1
    }

    /// The message on the wire, padded to a block of 468 octets (RFC 8467) where that was asked.
    var bytes: [UInt8] {
        var writer = WireWriter()
        writer.uint16(id)
        writer.uint16(flags)
        for count in [1, counts.answers, counts.authorities, edns == nil ? 0 : 1] {
            writer.uint16(count)
        }
        // The question is repeated letter by letter, in the case it came in.
        writer.octets(question.name.wire)
        writer.uint16(question.type)
        writer.uint16(question.class)
        writer.octets(answers.bytes)
        writer.octets(authorities.bytes)
        guard var edns else { return writer.bytes }
        if let last = edns.options.indices.last, edns.options[last].code == OptionCode.padding {
            let unpadded = writer.bytes.count + edns.wire.count
            let missing = min((468 - unpadded % 468) % 468, 65_535 - unpadded)
            edns.options[last].data = [UInt8](repeating: 0, count: missing)
        }
        writer.octets(edns.wire)
        return writer.bytes
    }
}
