import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

/// What the daemon does when there is nothing to do.
///
/// Each link that comes or goes on the machine wakes it up, so it has a network of its own here.
/// Where that is not allowed, time in which something has changed does not count.
@Suite(.disabled(if: Sanitizer.watchesThreads, "the thread sanitizer's own thread never sleeps"))
struct IdleTests {
    /// How long a daemon has to sleep, in microseconds: longer than any timer that repeats may be.
    private static let quiet: useconds_t = 2_500_000
    /// Windows of that length to find it in; what a query has left to be done ends some of them.
    private static let windows = 8
    /// Windows in all, with those that do not count.
    private static let attempts = 20

    /// Runs `body` in a thread and, where that is allowed, a network of its own.
    private static func undisturbed<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await Crew.run {
            try Crew.start {
                _ = try OwnNetwork.enter()
                return try body()
            }.wait()
        }
    }

    /// Whether there is a window in which no thread of the process was woken up.
    private static func falls(asleep daemon: DaemonProcess) throws -> Bool {
        let monitor = try NetworkMonitor()
        var disturbed = 0
        for attempt in 0..<attempts where attempt - disturbed < windows {
            let before = try daemon.wakeUps()
            usleep(quiet)
            if try daemon.wakeUps() == before { return true }
            if monitor.drain() { disturbed += 1 }
        }
        return false
    }

    @Test func sleepsWithoutAQuery() async throws {
        let isAsleep = try await Self.undisturbed {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(Fixture.configuration([server]))
            _ = try daemon.client.udp("www.example")
            return try Self.falls(asleep: daemon)
        }
        #expect(isAsleep)
    }

    @Test func sleepsBesideConnectionsThatAreIdle() async throws {
        let (isAsleep, isConnected) = try await Self.undisturbed {
            let server = try Fixture.server()
            let daemon = try DaemonProcess(
                Fixture.configuration(
                    [server], sections: "[Listen]\nTCPIdleTimeout=600\nWorkers=2\n"))
            let client = try StreamClient(to: daemon.endpoint)
            try client.send(PlainQuery("www.example", RecordType.a))
            _ = client.receive(timeout: .seconds(5))
            let isAsleep = try Self.falls(asleep: daemon)
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
