import TestServers

/// The messages of `MalformedQueryTests`, made octet by octet.
enum MalformedQueries {
    typealias Row = MalformedQueryTests.Row

    static let rows = shapes + headers + names + counts + options + types

    /// `www.example` as a query has it.
    private static let name = TestName("www.example").wire
    private static let question = name + [0, 1, 0, 1]

    private static func header(
        flags: UInt16 = 0x0100, _ counts: [UInt16] = [1, 0, 0, 0]
    ) -> [UInt8] {
        ([0x1234, flags] + counts).flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }

    private static func opt(
        owner: [UInt8] = [0], size: UInt16 = 1232, version: UInt8 = 0, flags: UInt16 = 0,
        length: Int? = nil, data: [UInt8] = []
    ) -> [UInt8] {
        let length = length ?? data.count
        let fields: [UInt16] = [41, size, UInt16(version), flags, UInt16(length)]
        return owner + fields.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } + data
    }

    private static func ask(_ type: UInt16, class: UInt16 = 1) -> [UInt8] {
        PlainQuery("www.example", type, id: 0x1234).with { $0.class = `class` }.bytes
    }

    private static func withOption(_ option: [UInt8]) -> [UInt8] {
        header([1, 0, 0, 1]) + question + option
    }

    private static let address: [UInt8] = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]
    private static let pseudorandom = (0..<4096).map {
        UInt8(truncatingIfNeeded: $0 &* 167 ^ $0 >> 3)
    }

    private static let shapes = [
        Row("empty datagram", .drop, []),
        Row("1 octet", .drop, [0x12]),
        Row("11 octets", .drop, Array(header().prefix(11))),
        Row("QR=1", .drop, header(flags: 0x8100) + question),
        Row("QR=1 alone", .drop, header(flags: 0x8100, [0, 0, 0, 0])),
        Row("4,096 octets of noise with QR=1", .drop, [0, 0, 0x80] + pseudorandom.dropFirst(3)),
    ]

    private static let headers = [
        Row("QDCOUNT=0", .formatError, header([0, 0, 0, 0])),
        Row("QDCOUNT=1 without a question", .formatError, header()),
        Row("QDCOUNT=0 with OPT", .formatError, header([0, 0, 0, 1]) + opt()),
        Row("QDCOUNT=2", .formatError, header([2, 0, 0, 0]) + question + question),
        Row("QDCOUNT=65535", .formatError, header([65_535, 0, 0, 0]) + question),
        Row("IQUERY", .notImplemented, header(flags: 0x0900) + question),
        Row("STATUS", .notImplemented, header(flags: 0x1100) + question),
        Row("NOTIFY", .notImplemented, header(flags: 0x2000) + question),
        Row("UPDATE", .notImplemented, header(flags: 0x2800) + question),
        Row("DSO", .notImplemented, header(flags: 0x3000, [0, 0, 0, 0])),
        Row("opcode 15, all flags", .notImplemented, header(flags: 0x7ff0) + question),
        Row("TC=1", .forward, header(flags: 0x0300) + question),
        Row("RCODE=5", .forward, header(flags: 0x0105) + question),
        Row("AA=1", .forward, header(flags: 0x0500) + question),
        Row("Z=1", .forward, header(flags: 0x0140) + question),
        Row("RA=1", .forward, header(flags: 0x0180) + question),
        Row("RD=0", .refuse(ResponseCode.refused), header(flags: 0) + question),
    ]

    private static let label63 = [63] + [UInt8](repeating: 0x61, count: 63)
    private static let names = [
        Row("label type 0x40", .formatError, header() + [0x41, 0x61, 0, 0, 1, 0, 1]),
        Row("label type 0x80", .formatError, header() + [0x81, 0x61, 0, 0, 1, 0, 1]),
        Row("pointer to itself", .formatError, header() + [0xc0, 12, 0, 1, 0, 1]),
        Row("pointer forward", .formatError, header() + [0xc0, 14, 0, 0, 1, 0, 1]),
        Row("pointer into the header", .formatError, header() + [0xc0, 0, 0, 1, 0, 1]),
        Row(
            "name of 255 octets", .forward,
            header() + label63 + label63 + label63 + [61] + label63[1...61] + [0, 0, 1, 0, 1]),
        Row(
            "name of 256 octets", .formatError,
            header() + label63 + label63 + label63 + [62] + label63[1...62] + [0, 0, 1, 0, 1]),
        Row("name cut short", .formatError, header() + name.dropLast(4)),
        Row("no QTYPE", .formatError, header() + name),
        Row("half a QCLASS", .formatError, header() + question.dropLast()),
        Row("root", .forward, header() + [0, 0, 1, 0, 1]),
        Row("NUL in a label", .forward, header() + [3, 0x61, 0, 0x62, 0, 0, 1, 0, 1]),
        Row("dot in a label", .forward, header() + [3, 0x61, 0x2e, 0x62, 0, 0, 1, 0, 1]),
        Row("octets above 127", .forward, header() + [3, 0xff, 0xc3, 0x80, 0, 0, 1, 0, 1]),
    ]

    private static let counts = [
        Row(
            "ten octets more", .formatError, header() + question + [UInt8](repeating: 7, count: 10)),
        Row("a record that is not counted", .formatError, header() + question + address),
        Row("an answer", .formatError, header([1, 1, 0, 0]) + question + address),
        Row("an answer that is missing", .formatError, header([1, 1, 0, 0]) + question),
        Row("an authority", .formatError, header([1, 0, 1, 0]) + question + address),
        Row("an additional that is missing", .formatError, header([1, 0, 0, 1]) + question),
        Row("ARCOUNT=65535", .formatError, header([1, 0, 0, 65_535]) + question + opt()),
        Row("an address as additional", .formatError, header([1, 0, 0, 1]) + question + address),
        Row(
            "a signature", .formatError,
            header([1, 0, 0, 1]) + question
                + [0, 0, 250, 0, 255, 0, 0, 0, 0, 0, 16] + [UInt8](repeating: 0, count: 16)),
    ]

    private static let options = [
        Row("two OPT", .formatError, header([1, 0, 0, 2]) + question + opt() + opt()),
        Row("OPT as answer", .formatError, header([1, 1, 0, 0]) + question + opt()),
        Row("OPT that is not the root's", .formatError, withOption(opt(owner: [1, 0x61, 0]))),
        Row("OPT longer than the message", .formatError, withOption(opt(length: 40))),
        Row("option longer than OPT", .formatError, withOption(opt(data: [0, 10, 0, 9, 1]))),
        Row("OPT of 3 octets", .formatError, withOption(opt(data: [0, 10, 0]))),
        Row("EDNS version 1", .refuse(ResponseCode.badVersion), withOption(opt(version: 1))),
        Row("EDNS version 255", .refuse(ResponseCode.badVersion), withOption(opt(version: 255))),
        Row("EDNS size 0", .forward, withOption(opt(size: 0))),
        Row("EDNS size 65535", .forward, withOption(opt(size: 65_535))),
        Row("EDNS flags 0x7fff", .forward, withOption(opt(flags: 0x7fff))),
        Row(
            "200 options", .forward,
            withOption(opt(data: (0..<200).flatMap { [0xfd, UInt8($0), 0, 0] as [UInt8] }))),
        Row("ECS of a strange family", .forward, withOption(opt(data: [0, 8, 0, 4, 0, 99, 0, 0]))),
        Row(
            "cookie of 7 octets", .forward,
            withOption(opt(data: [0, 10, 0, 7, 1, 2, 3, 4, 5, 6, 7]))),
    ]

    private static let types = [
        Row("QTYPE OPT", .refuse(ResponseCode.formatError), ask(41)),
        Row("QTYPE TSIG", .refuse(ResponseCode.formatError), ask(250)),
        Row("QTYPE TKEY", .refuse(ResponseCode.formatError), ask(249)),
        Row("QTYPE MAILA", .refuse(ResponseCode.formatError), ask(254)),
        Row("QTYPE MAILB", .refuse(ResponseCode.formatError), ask(253)),
        Row("IXFR", .refuse(ResponseCode.refused), ask(251)),
        Row("AXFR", .refuse(ResponseCode.refused), ask(252)),
        Row("QTYPE 0", .forward, ask(0)),
        Row("ANY", .forward, ask(255)),
        Row("QTYPE 65535", .forward, ask(65_535)),
        Row("QCLASS 0", .refuse(ResponseCode.refused), ask(1, class: 0)),
        Row("QCLASS NONE", .refuse(ResponseCode.refused), ask(1, class: 254)),
        Row("QCLASS ANY", .refuse(ResponseCode.refused), ask(1, class: 255)),
        Row("QCLASS CH", .forward, ask(16, class: 3)),
        Row("QCLASS 65535", .forward, ask(1, class: 65_535)),
    ]
}

extension [UInt8] {
    /// The octets with their length before them, as TCP carries them.
    var framed: [UInt8] {
        [UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)] + self
    }
}
