import NetAddress
import Testing

@testable import Daemon

@Suite struct WatchdogTests {
    @Test func knowsWhoHasAnsweredTheLastQuestion() {
        var watchdog = Watchdog(workers: 3)
        watchdog.start(interval: .seconds(30))
        #expect(watchdog.period == .seconds(10))
        #expect(watchdog.allAnswered)
        let first = watchdog.nextNumber()
        #expect(!watchdog.allAnswered)
        watchdog.answered(worker: 0, first)
        watchdog.answered(worker: 2, first)
        #expect(watchdog.silentWorkers == "1")
        watchdog.answered(worker: 1, first)
        #expect(watchdog.allAnswered)
    }

    @Test func anAnswerToAnEarlierQuestionIsNone() {
        var watchdog = Watchdog(workers: 1)
        let first = watchdog.nextNumber()
        let second = watchdog.nextNumber()
        watchdog.answered(worker: 0, first)
        #expect(!watchdog.allAnswered)
        watchdog.answered(worker: 0, second)
        watchdog.answered(worker: 0, first)
        #expect(watchdog.allAnswered)
    }
}
