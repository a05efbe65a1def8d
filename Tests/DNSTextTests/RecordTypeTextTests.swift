import DNSText
import DNSWire
import Testing

@Suite struct RecordTypeTextTests {
    @Test func everyTypeIsReadAsItIsWritten() {
        for number in UInt16.min...UInt16.max {
            let type = RecordType(rawValue: number)
            #expect(RecordType(text: type.text) == type)
        }
    }

    @Test(arguments: [
        ("a", UInt16(1)), ("AAAA", 28), ("Https", 65), ("type5", 5), ("TYPE65535", 65535),
    ])
    func readsTypes(_ text: String, _ number: UInt16) {
        #expect(RecordType(text: text)?.rawValue == number)
    }

    @Test(arguments: ["", "TYPE", "TYPE65536", "TYPE+5", "TYPE-1", "B", "TYPE 1"])
    func refusesWhatIsNoType(_ text: String) {
        #expect(RecordType(text: text) == nil)
    }

    @Test func writesClassesAndCodes() {
        #expect(RecordClass.internet.text == "IN")
        #expect(RecordClass(rawValue: 32).text == "CLASS32")
        #expect(ResponseCode.nameError.text == "NXDOMAIN")
        #expect(ResponseCode.badVersion.text == "BADVERS")
        #expect(ResponseCode(rawValue: 12).text == "RCODE12")
    }
}
