import DNSWire

/// A message put together for a test, in which everything may be wrong.
struct MessageBytes {
    var id: UInt16 = 0x1234
    /// The second 16 bits of the header: RD unless a test says otherwise.
    var flags: UInt16 = 0x0100
    var questions: [[UInt8]] = [question(name("www.example"))]
    var answers: [[UInt8]] = []
    var authorities: [[UInt8]] = []
    var additionals: [[UInt8]] = []
    /// QDCOUNT, ANCOUNT, NSCOUNT and ARCOUNT where they shall not be the truth.
    var counts: [Int: UInt16] = [:]
    /// Octets behind the last record.
    var tail: [UInt8] = []

    var bytes: [UInt8] {
        let sections = [questions, answers, authorities, additionals]
        var bytes = octets(id) + octets(flags)
        for (index, section) in sections.enumerated() {
            bytes += octets(counts[index] ?? UInt16(section.count))
        }
        return bytes + sections.joined().joined() + tail
    }

    /// An answer to the question `www.example. IN A`: QR, RD and RA.
    static func answer(
        _ answers: [UInt8]..., authorities: [[UInt8]] = [], additionals: [[UInt8]] = []
    ) -> MessageBytes {
        MessageBytes(
            flags: 0x8180, answers: answers, authorities: authorities, additionals: additionals)
    }
}

/// The two octets of a number in network order.
func octets(_ value: UInt16) -> [UInt8] {
    [UInt8(value >> 8), UInt8(value & 0xff)]
}

/// A name without compression: labels split at dots, or the root for an empty text.
func name(_ text: String) -> [UInt8] {
    labels(text) + [0]
}

/// Labels without an end, to be followed by a pointer.
func labels(_ text: String) -> [UInt8] {
    text.utf8.split(separator: UInt8(ascii: ".")).flatMap { [UInt8($0.count)] + $0 }
}

/// A name of exactly `byteCount` octets on the wire, `byteCount` not 2.
func name(byteCount: Int, letter: UInt8 = UInt8(ascii: "a")) -> [UInt8] {
    var bytes: [UInt8] = []
    while byteCount - bytes.count > 1 {
        let left = byteCount - bytes.count - 2
        // A label of 62 where one octet, too few for a label, would be left.
        let length = left <= 63 ? left : left == 64 ? 62 : 63
        bytes += [UInt8(length)] + [UInt8](repeating: letter, count: length)
    }
    return bytes + [0]
}

/// A compression pointer.
func pointer(_ offset: Int) -> [UInt8] {
    octets(0xc000 | UInt16(offset))
}

/// An entry of the question section.
func question(_ name: [UInt8], type: UInt16 = 1, class: UInt16 = 1) -> [UInt8] {
    name + octets(type) + octets(`class`)
}

/// A record, by default an address of the name at offset 12; `length` is RDLENGTH if not the truth.
func record(
    _ owner: [UInt8] = pointer(12), type: UInt16 = 1, class: UInt16 = 1,
    data: [UInt8] = [192, 0, 2, 1], length: Int? = nil
) -> [UInt8] {
    owner + octets(type) + octets(`class`) + [0, 0, 0, 60]
        + octets(UInt16(length ?? data.count)) + data
}

/// An OPT record with the version or the upper bits of the RCODE where a test wants them.
func opt(
    size: UInt16 = 1232, upperCode: UInt8 = 0, version: UInt8 = 0, flags: UInt16 = 0,
    options: [UInt8] = [], length: Int? = nil, owner: [UInt8] = [0]
) -> [UInt8] {
    owner + octets(41) + octets(size) + [upperCode, version] + octets(flags)
        + octets(UInt16(length ?? options.count)) + options
}

/// An EDNS option; `length` is its length if not the truth.
func option(_ code: UInt16, _ data: [UInt8] = [], length: Int? = nil) -> [UInt8] {
    octets(code) + octets(UInt16(length ?? data.count)) + data
}

/// The octets of a text.
func text(_ text: String) -> [UInt8] {
    Array(text.utf8)
}
