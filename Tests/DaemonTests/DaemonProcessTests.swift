import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

/// The process around the daemon: signals in, exit codes out.
@Suite struct DaemonProcessTests {
    @Test(arguments: [SIGTERM, SIGINT])
    func endsWellWhenItIsTold(_ signal: CInt) async throws {
        let (code, answered) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            let answered = try daemon.client.udp("www.example")?.addresses
            return (daemon.end(by: signal), answered)
        }
        #expect(answered == [AnswerBook.address4("www.example")])
        #expect(code == 0)
    }

    @Test(arguments: ["[Upstream]\nServr=192.0.2.1#a.test\n", "", "[Upstream\n"])
    func doesNotStartWithABadConfiguration(_ text: String) async throws {
        let code = try await Crew.run { try DaemonProcess(text).waitForEnd() }
        #expect(code == 78)
    }

    @Test func readsItsConfigurationAgainOnSIGHUP() async throws {
        let (before, after, code) = try await Crew.run {
            let (old, new) = (try Fixture.server(), try Fixture.server())
            let daemon = try DaemonProcess(Fixture.configuration([old]))
            let before = try daemon.client.udp("before.example")?.addresses
            try daemon.rewrite(Fixture.configuration([new]))
            daemon.signal(SIGHUP)
            // The connection that is of no use any more is closed when all of it has been taken.
            _ = old.wait { $0.connectionsOpen == 0 }
            let after = try daemon.client.udp("after.example")?.addresses
            try Crew.require(new.record.queriesReceived == 1)
            return (before, after, daemon.end())
        }
        #expect(before == [AnswerBook.address4("before.example")])
        #expect(after == [AnswerBook.address4("after.example")])
        #expect(code == 0)
    }

    @Test func forgetsItsAnswersOnSIGUSR2() async throws {
        let (before, after, code) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.caching([server]))
            for _ in 0..<3 { _ = try daemon.client.udp("www.example") }
            let before = server.record.queriesReceived
            daemon.signal(SIGUSR2)
            // It forgets in its own time.
            let deadline = Clock.monotonic() + .seconds(5)
            while server.record.queriesReceived == before, Clock.monotonic() < deadline {
                _ = try daemon.client.udp("www.example")
            }
            return (before, server.record.queriesReceived, daemon.end())
        }
        #expect(before == 1)
        #expect(after == 2)
        #expect(code == 0)
    }
}
