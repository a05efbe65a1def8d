internal import NetAddress

/// Knows whether every worker's loop has turned since it was last asked.
struct Watchdog {
    /// How often to ask: a third of what the service manager allows, so that one late answer is
    /// not the end.
    private(set) var period: Interval?
    private var asked: UInt64 = 0
    private var answers: [UInt64]

    init(workers: Int) {
        answers = Array(repeating: 0, count: workers)
    }

    mutating func start(interval: Interval) {
        period = interval / 3
    }

    /// The number of the next question.
    mutating func nextNumber() -> UInt64 {
        asked += 1
        return asked
    }

    mutating func answered(worker: Int, _ number: UInt64) {
        answers[worker] = max(answers[worker], number)
    }

    /// Whether everybody has answered the last question.
    var allAnswered: Bool { answers.allSatisfy { $0 == asked } }

    /// The workers that have not.
    var silentWorkers: String {
        answers.indices.filter { answers[$0] != asked }.map(String.init).joined(separator: ", ")
    }
}
