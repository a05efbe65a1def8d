import TestServers
import Testing

/// Names that other servers are asked about.
@Suite struct RoutingTests {
    private func configuration(
        _ main: DoTServer, _ routed: [DoTServer], name: String = "corp.test"
    ) throws -> String {
        let lines = routed.map { "Server=\($0.endpoint)#dot.example\n" }.joined()
        return try Fixture.caching([main]) + "[Route \(name)]\n" + lines
    }

    @Test func eachNameIsAskedOfItsServersAlone() throws {
        let main = try Fixture.server()
        let routed = try Fixture.server()
        let daemon = try RunningDaemon(
            configuration(main, [routed]), servers: [main, routed])
        let inside = try daemon.client.udp("www.Corp.test")
        #expect(inside?.addresses == [AnswerBook.address4("www.corp.test")])
        #expect(routed.record.queriesReceived == 1)
        #expect(main.record.queriesReceived == 0)
        let outside = try daemon.client.tcp("www.example")
        #expect(outside?.addresses == [AnswerBook.address4("www.example")])
        #expect(routed.record.queriesReceived == 1)
        #expect(main.record.queriesReceived == 1)
        #expect(daemon.wait(for: "\(routed.endpoint)#dot.example healthy"))
    }

    @Test func aRouteThatFailsLeaksNothing() throws {
        let main = try Fixture.server()
        let routed = try Fixture.server()
        routed.stop()
        let daemon = try RunningDaemon(
            configuration(main, [routed]), servers: [main, routed])
        for number in 0..<20 {
            let reply = try daemon.client.udp(TestName("q\(number).corp.test"))
            #expect(reply?.rcode == ResponseCode.serverFailure)
        }
        #expect(main.record.connectionsAccepted == 0)
    }

    @Test func aReloadForgetsWhatAnotherServerSaid() throws {
        let main = try Fixture.server()
        let first = try Fixture.server()
        let second = try Fixture.server()
        let daemon = try RunningDaemon(
            configuration(main, [first]), servers: [main, first, second])
        for name in ["a.corp.test", "a.corp.test", "a.example", "a.example"] as [TestName] {
            #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        }
        #expect(first.record.queriesReceived == 1)
        // The same route by another name keeps its answers, and so does everybody else.
        try daemon.reload(configuration(main, [first], name: "corp.test other.test"))
        #expect(try daemon.client.udp("a.corp.test") != nil)
        #expect(try daemon.client.udp("a.example") != nil)
        #expect(first.record.queriesReceived == 1)
        #expect(main.record.queriesReceived == 1)
        try daemon.reload(configuration(main, [second]))
        #expect(try daemon.client.udp("a.corp.test") != nil)
        #expect(second.record.queriesReceived == 1)
        #expect(try daemon.client.udp("a.example") != nil)
        #expect(main.record.queriesReceived == 1)
    }
}
