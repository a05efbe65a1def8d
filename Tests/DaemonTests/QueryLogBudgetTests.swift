import NetAddress
import Testing

@testable import Daemon

@Suite struct QueryLogBudgetTests {
    @Test func admitsSoManyInASecondAndCountsTheRest() {
        var budget = QueryLogBudget()
        let start = Instant(microseconds: 5_000_000)
        var admitted = 0
        for _ in 0..<150 where budget.admit(now: start) != nil { admitted += 1 }
        let next = budget.admit(now: start + .seconds(1))
        let after = budget.admit(now: start + .seconds(1))
        #expect(admitted == DaemonLimits.queryLogEntriesPerSecond)
        #expect(next == 50)
        #expect(after == 0)
    }
}
