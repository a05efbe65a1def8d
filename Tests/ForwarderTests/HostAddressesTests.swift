import Forwarder
import NetAddress
import Testing

@Suite struct HostAddressesTests {
    private func known() throws -> [HostAddresses] {
        let six = IPAddress(v6High: 0x2620_00fe_0000_0000, low: 0xfe)
        return [
            HostAddresses(
                name: try #require(ServerName("dns.example")),
                addresses: [six, IPAddress(v4: 0x0909_0909)]),
            HostAddresses(name: try #require(ServerName("a.example")), addresses: []),
        ]
    }

    @Test func comesBackWithWhatFollowsLeftAlone() throws {
        let known = try known()
        let packed = HostAddresses.packed(known)
        let longer = packed + [1, 2, 3]
        let found = HostAddresses.unpack(longer.span.bytes)
        #expect(found?.known == known)
        #expect(found?.end == packed.count)
        #expect(HostAddresses.packed([]) == [0])
    }

    @Test func nothingThatIsCutShortIsTaken() throws {
        let packed = HostAddresses.packed(try known())
        for length in packed.indices {
            let isTaken = HostAddresses.unpack(Array(packed[..<length]).span.bytes) != nil
            #expect(!isTaken, "\(length)")
        }
    }

    @Test func nothingThatIsNoNameOrAddressIsTaken() throws {
        let good = HostAddresses.packed(Array(try known().prefix(1)))
        for (place, octet) in [(2, UInt8(ascii: " ")), (1, 0), (14, 5), (1, 255)] {
            var bad = good
            bad[place] = octet
            let isTaken = HostAddresses.unpack(bad.span.bytes) != nil
            #expect(!isTaken, "octet \(place)")
        }
    }
}
