import Collections
import Testing

@Suite struct LockedTests {
    /// Threads that add at the same time lose nothing; the thread sanitizer looks on.
    @Test func threadsTakeTurns() async {
        let rounds = 10_000
        let counter = Counter()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<rounds { counter.sum.withLock { $0 += 1 } }
                }
            }
        }
        let sum = counter.sum.withLock { $0 }
        #expect(sum == 4 * rounds)
    }

    private struct Refused: Error {}

    @Test func anErrorGivesUpTheLock() {
        let counter = Counter()
        #expect(throws: Refused.self) {
            try counter.sum.withLock { sum throws(Refused) in
                sum = 7
                throw Refused()
            }
        }
        let sum = counter.sum.withLock { $0 }
        #expect(sum == 7)
    }
}

private final class Counter: Sendable {
    let sum = Locked(0)
}
