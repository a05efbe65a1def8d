internal import CMallocCount
internal import Glibc

/// What an operation costs, each time that it is done.
struct Measurement {
    let name: String
    /// Nanoseconds, best and middle of `rounds`.
    let minimum: Double
    let median: Double
    let mallocs: Double

    /// Rounds, of which the best is the one that was disturbed least.
    private static let rounds = 7
    /// Long enough for the clock, short enough to fit between disturbances.
    private static let roundNanoseconds = 20_000_000
    /// Operations over which allocations are counted, after as many to warm up.
    private static let countedOperations = 20_000

    /// Measures `operation` in time and allocations.
    init(of operation: inout some Operation & ~Copyable) {
        name = operation.name
        var count = 1024
        while Self.time(&operation, count) < Self.roundNanoseconds { count *= 2 }
        var times: [Double] = []
        for _ in 0..<Self.rounds {
            times.append(Double(Self.time(&operation, count)) / Double(count))
        }
        times.sort()
        minimum = times[0]
        median = times[Self.rounds / 2]
        mallocs = Self.mallocs(of: &operation)
    }

    /// Allocations for each time that `operation` is done, whoever makes them.
    static func mallocs(of operation: inout some Operation & ~Copyable) -> Double {
        consume(operation.run(countedOperations))
        let before = malloc_count_all()
        precondition(before > 0, "nothing is counted: the samples alone are arrays")
        consume(operation.run(countedOperations))
        return Double(malloc_count_all() - before) / Double(countedOperations)
    }

    /// Takes a result, so that computing it has a purpose.
    @inline(never)
    @_optimize(none)
    static func consume(_ result: Int) {}

    private static func time(_ operation: inout some Operation & ~Copyable, _ count: Int) -> Int {
        let start = nanoseconds()
        consume(operation.run(count))
        return nanoseconds() - start
    }

    private static func nanoseconds() -> Int {
        var time = timespec()
        // Fails only for a clock that does not exist.
        let result = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        precondition(result == 0)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}
