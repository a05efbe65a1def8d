import DNSText
import DNSWire
import TestSupport
import Testing

@Suite struct RecordTextTests {
    /// The text of a record of this type, and what stands in front of its data.
    private static func line(_ type: UInt16, _ data: [UInt8], age: UInt32 = 0) throws -> String {
        var message = MessageBuilder.query("a.example", type: type, flags: 0x8180)
        message.addRecord(type: type, ttl: 300, data: data)
        let bytes = message.bytes
        let span = bytes.span.bytes
        let record = try ResourceRecord(span, at: Question(span).end)
        return RecordText.line(of: record, in: span, age: age)
    }

    private static func hex(_ text: String) -> [UInt8] { octets(hexadecimal: text) ?? [] }

    /// The wire format of each is from the RFC that defines the type, or made by hand after it.
    private static let records: [(UInt16, [UInt8], String)] = [
        (1, [192, 0, 2, 1], "A 192.0.2.1"),
        (28, hex("20010db8000000000000000000000001"), "AAAA 2001:db8::1"),
        (2, [1, 98, 0xc0, 12], "NS b.a.example."), (5, [0], "CNAME ."),
        (
            6, [1, 110, 0, 1, 104, 0] + hex("00000001 00000002 00000003 00000004 00000005"),
            "SOA n. h. 1 2 3 4 5"
        ),
        (13, [1, 97, 2, 98, 99], #"HINFO "a" "bc""#),
        (15, [0, 10, 1, 109, 0xc0, 12], "MX 10 m.a.example."),
        (16, [3, 97, 34, 92, 0, 2, 9, 200], #"TXT "a\"\\" "" "\009\200""#),
        (33, [0, 1, 0, 2, 0, 80, 1, 115, 0], "SRV 1 2 80 s."),
        (35, [0, 1, 0, 2, 1, 117, 0, 0, 0], #"NAPTR 1 2 "u" "" "" ."#),
        (43, hex("ec45 05 01 2bb183af5f"), "DS 60485 5 1 2BB183AF5F"),
        (44, hex("0202 1234"), "SSHFP 2 2 1234"),
        (
            46, hex("0001 05 03 00015180 5a497a00 5a3aff80 0a5d") + [1, 97, 0, 1, 2, 3, 4],
            "RRSIG A 5 3 86400 20180101000000 20171221002536 2653 a. AQIDBA=="
        ),
        (
            47, [1, 98, 0] + hex("0006 400100000003 0102 4001"),
            "NSEC b. A MX RRSIG NSEC CAA TYPE271"
        ),
        (48, hex("0101 03 05 0102 03"), "DNSKEY 257 3 5 AQID"),
        (52, hex("03 01 01 abcd"), "TLSA 3 1 1 ABCD"), (61, [1, 2], "OPENPGPKEY AQI="),
        (
            65,
            hex("0001 00 0001 0006 02 6832 02 6833 0003 0002 01bb 0004 0004 c0000201")
                + hex("0006 0010 20010db8000000000000000000000001 0005 0003 010203 0007 0002 2f22"),
            #"HTTPS 1 . alpn="h2,h3" port=443 ipv4hint=192.0.2.1 ipv6hint=2001:db8::1 "#
                + #"ech="AQID" dohpath="/\"""#
        ),
        (64, hex("0000 0161 00"), "SVCB 0 a."),
        (
            64, hex("0001 00 0000 0002 0001 0002 0000 ff00 0001 41"),
            #"SVCB 1 . mandatory=alpn no-default-alpn key65280="A""#
        ),
        (256, [0, 1, 0, 2, 47], #"URI 1 2 "/""#),
        (
            257, [0, 5] + Array("issue".utf8) + Array("ca.example".utf8),
            #"CAA 0 issue "ca.example""#
        ),
        (65_280, [1, 0xab], ##"TYPE65280 \# 2 01AB"##), (65_280, [], ##"TYPE65280 \# 0"##),
    ]

    @Test(arguments: 0..<records.count)
    func writesRecords(_ number: Int) throws {
        let (type, data, text) = Self.records[number]
        #expect(try Self.line(type, data) == "a.example. 300 IN \(text)")
    }

    /// What does not fit its type is shown as octets, and nothing is read beyond it.
    @Test func anyPrefixIsShownSomehow() throws {
        for (type, data, text) in Self.records where ![1, 28].contains(type) {
            for length in 0..<data.count {
                guard let line = try? Self.line(type, Array(data[..<length])) else { continue }
                #expect(line != "a.example. 300 IN \(text)")
            }
        }
    }

    @Test func noiseIsHarmless() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<20_000 {
            let type = Self.records[Int.random(in: 0..<Self.records.count, using: &random)].0
            let data = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if let line = try? Self.line(type, data) {
                #expect(line.utf8.allSatisfy { (0x20..<0x7f).contains($0) })
            }
        }
    }

    @Test func timesToLiveAge() throws {
        #expect(try Self.line(1, [0, 0, 0, 0], age: 100) == "a.example. 200 IN A 0.0.0.0")
        #expect(try Self.line(1, [0, 0, 0, 0], age: 400) == "a.example. 0 IN A 0.0.0.0")
    }
}
