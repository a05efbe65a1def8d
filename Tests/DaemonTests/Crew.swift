import LinuxIO
import TestServers

/// Threads for tests that wait: swift-testing has one thread for each processor, and a test that
/// sleeps on one of those holds up all the others.
enum Crew {
    /// Daemons at work at the same time; more would make each other late.
    private static let size = 8

    private static let jobs: Guarded<[@Sendable () -> Void]> = {
        let jobs = Guarded<[@Sendable () -> Void]>([])
        for number in 0..<size {
            _ = try? Thread.start(name: "crew-\(number)") {
                while true {
                    guard jobs.wait(atMost: .seconds(60), until: { !$0.isEmpty }) else { continue }
                    jobs.withLock { $0.isEmpty ? nil : $0.removeFirst() }?()
                }
            }
        }
        return jobs
    }()

    /// Runs `body` in one of the threads.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            jobs.withLock { $0.append { continuation.resume(with: Result { try body() }) } }
        }
    }

    /// Something that had to be so in one of the threads, where no expectation finds its test.
    struct Unmet: Error {
        let line: Int
    }

    /// Ends the test when `condition` does not hold.
    static func require(_ condition: Bool, line: Int = #line) throws {
        guard condition else { throw Unmet(line: line) }
    }

    /// Something that happens meanwhile.
    struct Work<Value: Sendable>: Sendable {
        fileprivate let result = Guarded<Result<Value, any Error>?>(nil)

        var isDone: Bool { result.withLock { $0 != nil } }

        /// Waits until it is done.
        func wait() throws -> Value {
            let isDone = result.wait(atMost: .seconds(60)) { $0 != nil }
            guard isDone, let result = result.withLock({ $0 }) else { throw Late() }
            return try result.get()
        }
    }

    /// It is not done in a minute.
    struct Late: Error {}

    /// Starts `body` in a thread of its own.
    static func start<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) -> Work<Value> {
        let work = Work<Value>()
        do {
            _ = try Thread.start(name: "meanwhile") {
                let result = Result { try body() }
                work.result.withLock { $0 = result }
            }
        } catch {
            work.result.withLock { $0 = .failure(error) }
        }
        return work
    }
}
