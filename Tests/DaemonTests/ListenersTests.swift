import Configuration
import Frontend
import LinuxIO
import NetAddress
import Testing

@testable import Daemon

@Suite struct ListenersTests {
    /// The sockets of each worker by their places in `sockets`.
    private func places(_ sockets: [ListeningSocket], workers: Int) -> [[Int]] {
        Listeners.share(sockets, workers: workers).byWorker.map { own in
            own.compactMap { socket in sockets.firstIndex { $0 === socket } }
        }
    }

    /// Sockets of one kind on one address each; `copies` of each.
    private func sockets(copies: Int) throws -> [ListeningSocket] {
        let endpoint = Endpoint(address: .loopback, port: 53)
        return try (0..<copies).map { _ in
            ListeningSocket(
                owning: try Socket.makeDatagram(.v4), kind: .datagram, endpoint: endpoint)
        }
    }

    @Test(arguments: [
        (copies: 1, workers: 1, expected: [[0]]),
        (copies: 2, workers: 2, expected: [[0], [1]]),
        (copies: 1, workers: 3, expected: [[0], [0], [0]]),
        (copies: 2, workers: 3, expected: [[0], [1], [0]]),
        (copies: 3, workers: 2, expected: [[0, 2], [1]]),
    ])
    func everyWorkerServesEveryAddress(
        _ plan: (copies: Int, workers: Int, expected: [[Int]])
    ) throws {
        #expect(
            try places(sockets(copies: plan.copies), workers: plan.workers) == plan.expected)
    }

    @Test func kindsAndAddressesAreSharedOnTheirOwn() throws {
        let (one, two) = (try ListeningSockets(), try ListeningSockets())
        let all = [one.datagram, one.stream, two.datagram, two.stream]
        #expect(places(all, workers: 2) == [[0, 1, 2, 3], [0, 1, 2, 3]])
        let listeners = Listeners.share(all, workers: 2)
        #expect(listeners.endpoints == [one.endpoint, two.endpoint])
    }

    @Test func bindsTheConfiguredAddresses() throws {
        var settings = ListenSettings()
        settings.workers = .count(1)
        settings.addresses = [
            Endpoint(address: .loopback, port: 0), Endpoint(address: .loopback6, port: 0),
        ]
        // The port that is free for UDP may be taken for TCP.
        var made: Listeners?
        for _ in 0..<16 where made == nil {
            made = try? Listeners.make(settings, passed: [])
        }
        let listeners = try #require(made)
        let kinds = listeners.byWorker.first?.map(\.kind)
        #expect(kinds == [.datagram, .stream, .datagram, .stream])
        #expect(listeners.endpoints.map(\.address) == [.loopback, .loopback6])
        #expect(listeners.endpoints.allSatisfy { $0.port != 0 })
    }

    @Test func saysWhatToDoWithoutAnySocket() {
        let error = #expect(throws: StartupError.self) {
            _ = try Listeners.make(ListenSettings(), passed: [])
        }
        #expect(error?.exitCode == .unavailable)
        #expect(error?.description.contains("dotproxy.socket") == true)
    }

    @Test func saysWhichAddressIsTaken() throws {
        let taken = try ListeningSockets()
        var settings = ListenSettings()
        settings.workers = .count(1)
        settings.addresses = [taken.endpoint]
        let error = #expect(throws: StartupError.self) {
            _ = try Listeners.make(settings, passed: [])
        }
        #expect(error?.exitCode == .unavailable)
        #expect(error?.description.contains("cannot listen on \(taken.endpoint)") == true)
    }
}
