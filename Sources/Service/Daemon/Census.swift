/// A question to all workers how they stand, and what they have said so far.
struct Census {
    /// Tells it from those before: an answer to one of them is late.
    private(set) var number: UInt64 = 0
    /// By worker; `nil` while it has not answered.
    private(set) var statuses: [WorkerStatus?]
    private(set) var isUnderWay = false

    init(workers: Int) {
        statuses = Array(repeating: nil, count: workers)
    }

    /// Begins a new one, and gives the number to ask under.
    mutating func begin() -> UInt64 {
        number += 1
        statuses = Array(repeating: nil, count: statuses.count)
        isUnderWay = true
        return number
    }

    /// Takes an answer; true when it was the last one.
    mutating func answered(worker: Int, _ number: UInt64, _ status: WorkerStatus) -> Bool {
        guard isUnderWay, number == self.number else { return false }
        statuses[worker] = status
        return statuses.allSatisfy { $0 != nil }
    }

    /// Ends it, complete or not.
    mutating func end() {
        isUnderWay = false
    }
}
