import NetAddress
import Testing

@Suite struct AddressPrefixTests {
    @Test(arguments: [
        "0.0.0.0/0", "10.0.0.0/8", "192.168.7.0/24", "192.0.2.1", "::/0", "fd00::/8",
        "2001:db8::/32", "2001:db8:0:1::/64", "::1",
    ])
    func writesWhatItReads(text: String) {
        #expect(AddressPrefix(text)?.description == text)
    }

    @Test(arguments: [
        "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.1/8", "::/129",
        "2001:db8::1/64", "10.0.0/8", "localhost", "10.0.0.0/-1", "10.0.0.0/0008",
    ])
    func refusesWhatIsNone(text: String) {
        #expect(AddressPrefix(text) == nil)
    }

    @Test func holdsTheAddressesThatBeginAlike() throws {
        let prefix = try #require(AddressPrefix("172.16.0.0/12"))
        #expect(prefix.contains(try #require(IPAddress("172.16.0.0"))))
        #expect(prefix.contains(try #require(IPAddress("172.31.255.255"))))
        #expect(!prefix.contains(try #require(IPAddress("172.32.0.0"))))
        #expect(!prefix.contains(try #require(IPAddress("172.15.255.255"))))
        #expect(!prefix.contains(try #require(IPAddress("::ac10:1"))))
        let wide = try #require(AddressPrefix("2001:db8:0:8000::/49"))
        #expect(wide.contains(try #require(IPAddress("2001:db8:0:ffff::1"))))
        #expect(!wide.contains(try #require(IPAddress("2001:db8:0:7fff::1"))))
    }

    @Test func masksAtEveryLength() {
        let address = IPAddress(v6High: .max, low: .max)
        for length in 0...128 {
            let masked = address.masked(to: length)
            #expect(masked.high.nonzeroBitCount + masked.low.nonzeroBitCount == length)
            #expect(masked.high.leadingZeroBitCount == (length == 0 ? 64 : 0))
        }
        for length in 0...32 {
            #expect(IPAddress(v4: .max).masked(to: length).v4Bits.nonzeroBitCount == length)
        }
    }
}
