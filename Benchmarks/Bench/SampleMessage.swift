/// Messages as they come from clients and upstreams, put together octet by octet.
enum SampleMessage {
    /// The name that is asked for, in wire format and lower case.
    private static let name = label("www") + label("example") + label("com") + [0]
    private static let typeAndClass: [UInt8] = [0, 1, 0, 1]
    /// The size to which resolvers pad their answers (RFC 8467 section 4.1).
    private static let paddedSize = 468

    /// The question in lower case, as the forwarder keeps it.
    static let question = name + typeAndClass

    /// A client's query with EDNS and two capitals in its name.
    static let query: [UInt8] = {
        var spelled = name
        spelled[1] -= 0x20
        spelled[5] -= 0x20
        return header(flags: 0x0100, answers: 0) + spelled + typeAndClass + option(padding: nil)
    }()

    /// The query with QR set.
    static let noQuery: [UInt8] = {
        var message = query
        message[2] |= 0x80
        return message
    }()

    /// A query for a transfer of the zone.
    static let transfer =
        header(flags: 0x0100, answers: 0) + name + [0, 252, 0, 1] + option(padding: nil)

    /// The question for the address of a name below the sample's domain.
    static func question(of first: [UInt8]) -> [UInt8] {
        [UInt8(first.count)] + first + label("example") + label("com") + [0] + typeAndClass
    }

    /// The question for the address of the name with these labels.
    static func question(labels: [String]) -> [UInt8] {
        labels.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0] + typeAndClass
    }

    /// An answer with so many addresses and padding, as it comes over TLS.
    static func response(records: Int) -> [UInt8] {
        let message = addresses(for: question, records: records)
        let padding = max(paddedSize - message.count - option(padding: 0).count, 0)
        return message + option(padding: padding)
    }

    /// An answer to `question` with so many addresses and no padding.
    static func plainResponse(to question: [UInt8], records: Int) -> [UInt8] {
        addresses(for: question, records: records) + option(padding: nil)
    }

    /// A message with all but the OPT record that its header tells of.
    private static func addresses(for question: [UInt8], records: Int) -> [UInt8] {
        var message = header(flags: 0x8180, answers: UInt8(records)) + question
        for record in 0..<records {
            // The name at offset 12, A, IN, 300 s, 192.0.2.x.
            message += [0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, UInt8(record)]
        }
        return message
    }

    private static func header(flags: UInt16, answers: UInt8) -> [UInt8] {
        [0x12, 0x34, UInt8(flags >> 8), UInt8(flags & 0xff), 0, 1, 0, answers, 0, 0, 0, 1]
    }

    /// An OPT record with a size of 1232 octets, and with so many octets of padding.
    private static func option(padding: Int?) -> [UInt8] {
        let fields: [UInt8] = [0, 0, 41, 0x04, 0xd0, 0, 0, 0, 0]
        guard let padding else { return fields + [0, 0] }
        let data = [0, 12] + octets(padding) + [UInt8](repeating: 0, count: padding)
        return fields + octets(data.count) + data
    }

    private static func octets(_ number: Int) -> [UInt8] {
        [UInt8(number >> 8), UInt8(number & 0xff)]
    }

    private static func label(_ text: StaticString) -> [UInt8] {
        let octets = Array(text.description.utf8)
        return [UInt8(octets.count)] + octets
    }
}
