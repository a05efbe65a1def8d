import NetAddress
import TestServers
import Testing

/// The way of a query and of its answer, with everybody behaving.
@Suite struct ForwardingTests {
    @Test(arguments: [IPAddress.loopback, .loopback6])
    func forwards(on address: IPAddress) throws {
        let server = try Fixture.server()
        let daemon = try RunningDaemon(
            Fixture.configuration([server]), on: ListeningSockets(on: address))
        let overUDP = try daemon.client.udp("www.example")
        #expect(overUDP?.addresses == [AnswerBook.address4("www.example")])
        let overTCP = try daemon.client.tcp("www.example", RecordType.aaaa)
        #expect(overTCP?.addresses == [AnswerBook.address6("www.example")])
        #expect(daemon.stop() == 0)
        #expect(server.record.handshakesFull == 1)
    }
}
