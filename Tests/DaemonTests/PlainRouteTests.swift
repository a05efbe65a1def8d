import NetAddress
import TestServers
import Testing

/// Routes whose servers are asked in the clear.
@Suite struct PlainRouteTests {
    private func daemon(
        _ main: DoTServer, _ servers: PlainServer...
    ) throws -> RunningDaemon {
        let lines = servers.map { "Server=\($0.endpoint)\n" }.joined()
        return try RunningDaemon(
            Fixture.configuration([main]) + "[Route corp.test]\nTransport=plain\n" + lines,
            servers: [main])
    }

    @Test func asksOverUDPFromPortsOfTheirOwn() throws {
        let main = try Fixture.server()
        let server = try PlainServer()
        let daemon = try daemon(main, server)
        for number in 0..<64 {
            let name = TestName("a-name-of-number-\(number).corp.test")
            #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        }
        let record = server.record
        #expect(record.datagrams.count == 64)
        // 64 of 28,232 ports: that two meet is likely enough, that ten do is not.
        #expect(Set(record.datagrams.map(\.source.port)).count > 54)
        #expect(Set(record.datagrams.map { $0.message.id }).count > 54)
        let spellings = record.datagrams.map { $0.message.questions[0].name.description }
        #expect(spellings.allSatisfy { $0 != $0.lowercased() })
        #expect(record.datagrams.allSatisfy { $0.bytes.count < 60 })
        #expect(record.connectionsAccepted == 0)
        #expect(main.record.connectionsAccepted == 0)
        #expect(daemon.status.contains("\(server.endpoint) in the clear healthy"))
    }

    @Test func asksOverTCPForWhatIsCut() throws {
        let main = try Fixture.server()
        let server = try PlainServer(.cuts)
        let daemon = try daemon(main, server)
        for number in 0..<5 {
            let name = TestName("q\(number).corp.test")
            #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        }
        #expect(server.record.streamQueries.count == 5)
        #expect(server.record.connectionsAccepted == 1)
    }

    @Test func believesNoForgery() throws {
        let main = try Fixture.server()
        let server = try PlainServer(.forgesFirst(6))
        let daemon = try daemon(main, server)
        for number in 0..<10 {
            let name = TestName("q\(number).corp.test")
            #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        }
    }

    @Test func asksOverTCPWhoeverDoesNotKeepTheSpelling() throws {
        let main = try Fixture.server()
        let server = try PlainServer(.lowers)
        let daemon = try daemon(main, server)
        let name: TestName = "a-name-with-letters.corp.test"
        #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        #expect(server.record.streamQueries.count == 1)
    }

    @Test func sendsAgainWhatWasLost() throws {
        let main = try Fixture.server()
        let server = try PlainServer(.loses(2))
        let daemon = try daemon(main, server)
        let name: TestName = "lost.corp.test"
        #expect(try daemon.client.udp(name)?.addresses == [AnswerBook.address4(name)])
        let datagrams = server.record.datagrams
        #expect(datagrams.count == 3)
        #expect(Set(datagrams.map(\.bytes)).count == 1)
        #expect(Set(datagrams.map(\.source)).count == 1)
    }

    @Test func noticesAtOnceThatNobodyListens() throws {
        let main = try Fixture.server()
        let gone = try PlainServer()
        let server = try PlainServer()
        let daemon = try daemon(main, gone, server)
        gone.stop()
        let name: TestName = "www.corp.test"
        let reply = try daemon.client.udp(name)
        #expect(reply?.addresses == [AnswerBook.address4(name)])
        server.stop()
        let failed = try daemon.client.udp("other.corp.test")
        #expect(failed?.rcode == ResponseCode.serverFailure)
        #expect(main.record.connectionsAccepted == 0)
    }
}
