import NetAddress
import Testing

@Suite struct UpstreamServerTests {
    @Test func isWrittenAsAnOperatorWritesIt() throws {
        let endpoint = try #require(Endpoint("192.0.2.1", defaultPort: 853))
        let name = try #require(ServerName("dns.example"))
        #expect(UpstreamServer(endpoint: endpoint, name: nil).description == "192.0.2.1:853")
        #expect(
            UpstreamServer(endpoint: endpoint, name: name).description
                == "192.0.2.1:853#dns.example")
    }

    @Test func differsByNameAndPins() throws {
        let endpoint = try #require(Endpoint("192.0.2.1", defaultPort: 853))
        let pin = try #require(PublicKeyPin(digest: [UInt8](repeating: 7, count: 32)))
        let plain = UpstreamServer(endpoint: endpoint, name: nil)
        #expect(plain != UpstreamServer(endpoint: endpoint, name: ServerName("dns.example")))
        #expect(plain != UpstreamServer(endpoint: endpoint, name: nil, pins: [pin]))
        #expect(plain == UpstreamServer(endpoint: endpoint, name: nil, pins: []))
    }
}
