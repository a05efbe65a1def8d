import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

/// What the daemon does when there is nothing to do.
@Suite(.disabled(if: Sanitizer.watchesThreads, "the thread sanitizer's own thread never sleeps"))
struct IdleTests {
    /// How long a daemon has to sleep, in microseconds: longer than any timer that repeats may be.
    private static let quiet: useconds_t = 2_500_000
    /// Windows of that length to find it in; what a query has left to be done ends some of them.
    private static let windows = 8

    /// Whether there is a window in which no thread of the process was woken up.
    private func falls(asleep daemon: DaemonProcess) throws -> Bool {
        for _ in 0..<Self.windows {
            let before = try daemon.wakeUps()
            usleep(Self.quiet)
            if try daemon.wakeUps() == before { return true }
        }
        return false
    }

    @Test func sleepsWithoutAQuery() async throws {
        let isAsleep = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            _ = try daemon.client.udp("www.example")
            return try falls(asleep: daemon)
        }
        #expect(isAsleep)
    }

    @Test func sleepsBesideConnectionsThatAreIdle() async throws {
        let (isAsleep, isConnected) = try await Crew.run {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(
                Fixture.configuration(
                    [server], sections: "[Listen]\nTCPIdleTimeout=600\nWorkers=2\n"))
            let client = try StreamClient(to: daemon.endpoint)
            try client.send(PlainQuery("www.example", RecordType.a))
            _ = client.receive(timeout: .seconds(5))
            let isAsleep = try falls(asleep: daemon)
            return (isAsleep, server.record.connectionsOpen > 0)
        }
        #expect(isAsleep && isConnected)
    }
}

extension DaemonProcess {
    /// How often its threads have been woken up since they began.
    func wakeUps() throws -> Int {
        var sum = 0
        for thread in try listDirectory(path: "/proc/\(id)/task", suffix: "") {
            let text = try readFile(path: "/proc/\(id)/task/\(thread)/status", limit: 1 << 16)
            for line in String(decoding: text, as: UTF8.self).split(separator: "\n")
            where line.hasPrefix("voluntary_ctxt_switches:") {
                sum += line.split(separator: "\t").last.flatMap { Int($0) } ?? 0
            }
        }
        return sum
    }
}
