import DNSWire
import Testing

@Suite struct EDNSTests {
    /// The OPT record of a query with these options.
    private func edns(_ record: [UInt8]) -> EDNS? {
        guard case .accept(let query) = verdict(MessageBytes(additionals: [record]).bytes) else {
            return nil
        }
        return query.edns
    }

    @Test func readsTheFixedPart() throws {
        let plain = try #require(edns(opt(size: 4096)))
        #expect(plain.payloadSize == 4096)
        #expect(!plain.dnssecOK && !plain.hasKeepalive && plain.extendedErrorLength == 0)
        #expect(plain.version == 0 && plain.upperCode == 0)
        #expect(edns(opt(upperCode: 0xab))?.upperCode == 0xab)
    }

    /// DO is the first flag and the only one with a meaning (RFC 6891 section 6.1.4).
    @Test func readsDOAlone() {
        #expect(edns(opt(flags: 0x8000))?.dnssecOK == true)
        #expect(edns(opt(flags: 0x7fff))?.dnssecOK == false)
        #expect(edns(opt(flags: 0xffff))?.dnssecOK == true)
    }

    static let overruns: [(what: String, options: [UInt8])] = [
        ("one octet", [0]), ("two octets", [0, 12]), ("three octets", [0, 12, 0]),
        ("length of one and nothing", option(12, length: 1)),
        ("length of two and one octet", option(12, [0], length: 2)),
        ("length of 65,535", option(12, [0, 0], length: 65_535)),
        ("three octets after an option", option(12, [0]) + [0, 12, 0]),
        ("overrun after an option", option(11) + option(10, [1, 2], length: 3)),
    ]

    @Test(arguments: overruns) func optionsMustNotOverrun(what: String, options: [UInt8]) {
        #expect(edns(opt(options: options)) == nil)
    }

    @Test func takesOptionsThatFillTheRecord() {
        #expect(edns(opt(options: option(12))) != nil)
        #expect(edns(opt(options: option(12, [0]) + option(65_001, [1, 2, 3]))) != nil)
        #expect(edns(opt(options: option(0) + option(65_535))) != nil)
    }

    @Test func takesMoreOptionsThanAnybodySends() {
        let many = (0..<200).flatMap { option(UInt16($0) + 100, [1, 2]) }
        #expect(edns(opt(options: many)) != nil)
        let manyMore = (0..<16_000).flatMap { _ in option(65_001) }
        #expect(edns(opt(options: manyMore + option(11)))?.hasKeepalive == true)
    }

    @Test func readsKeepalive() throws {
        let empty = try #require(edns(opt(options: option(11))))
        #expect(empty.hasKeepalive && empty.keepalive == 0 && !empty.hasKeepaliveTime)
        let timeout = try #require(edns(opt(options: option(10, [1]) + option(11, [1, 44]))))
        #expect(timeout.hasKeepalive && timeout.keepalive == 300 && timeout.hasKeepaliveTime)
        let zero = try #require(edns(opt(options: option(11, [0, 0]))))
        #expect(zero.keepalive == 0 && zero.hasKeepaliveTime)
        // A length that RFC 7828 does not know says nothing about a timeout.
        let odd = try #require(edns(opt(options: option(11, [1, 2, 3]))))
        #expect(odd.hasKeepalive && odd.keepalive == 0 && !odd.hasKeepaliveTime)
    }

    @Test func findsTheFirstExtendedError() throws {
        let message = MessageBytes(additionals: [
            opt(options: option(10, [1]) + option(15, [0, 22] + text("why")) + option(15, [0, 1]))
        ]).bytes
        guard case .accept(let query) = verdict(message) else {
            Issue.record("refused")
            return
        }
        let edns = try #require(query.edns)
        let range = edns.extendedError
        #expect(Array(message[range]) == option(15, [0, 22] + text("why")))
    }

    @Test func extendedErrorsWithoutCodeAreNone() {
        #expect(edns(opt(options: option(15)))?.extendedErrorLength == 0)
        #expect(edns(opt(options: option(15, [1])))?.extendedErrorLength == 0)
        #expect(edns(opt(options: option(15, [1]) + option(15, [0, 3])))?.extendedErrorLength == 6)
    }
}
