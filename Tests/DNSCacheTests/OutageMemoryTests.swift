import NetAddress
import Testing

@testable import DNSCache

/// One worker's questions expire, another one's are answered: they know of each other.
@Suite struct OutageMemoryTests {
    private static func at(_ milliseconds: UInt64) -> Instant {
        Instant(microseconds: milliseconds * 1000)
    }

    @Test func theFirstAnswerAfterAnOutageEndsIt() {
        let memory = OutageMemory()
        memory.answered(now: Self.at(1000))
        let before = memory.epoch
        memory.expired(askedAt: Self.at(2000))
        let during = memory.epoch
        memory.answered(now: Self.at(7000))
        let after = memory.epoch
        memory.answered(now: Self.at(7100))
        let later = memory.epoch
        #expect(before == during)
        #expect(after == before &+ 1)
        #expect(later == after)
    }

    @Test func whileOthersAreAnsweredThereIsNoOutage() {
        let memory = OutageMemory()
        memory.answered(now: Self.at(1000))
        // Asked before the last answer came, whoever got that.
        memory.expired(askedAt: Self.at(500))
        memory.answered(now: Self.at(1500))
        let epoch = memory.epoch
        #expect(epoch == 0)
    }

    @Test func anOutageFromTheStartIsOne() {
        let memory = OutageMemory()
        memory.expired(askedAt: Self.at(0))
        memory.answered(now: Self.at(5000))
        let epoch = memory.epoch
        #expect(epoch == 1)
    }

    @Test func answersAreTakenNoteOfEveryFewMilliseconds() {
        let memory = OutageMemory()
        for time in UInt64(1000)..<1100 { memory.answered(now: Self.at(time)) }
        memory.expired(askedAt: Self.at(1091))
        memory.answered(now: Self.at(2000))
        let epoch = memory.epoch
        #expect(epoch == 0)
    }
}
