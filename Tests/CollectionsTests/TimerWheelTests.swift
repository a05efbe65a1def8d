import Collections
import NetAddress
import TestSupport
import Testing

@Suite struct TimerWheelTests {
    private static func instant(_ milliseconds: UInt64) -> Instant {
        Instant(microseconds: milliseconds * 1000)
    }

    /// The indices that fire by `now`.
    private static func popAll(_ wheel: inout TimerWheel, now: Instant) -> [Int] {
        var fired: [Int] = []
        while let index = wheel.popExpired(now: now) { fired.append(index) }
        return fired
    }

    @Test func firesInOrderOfTimeAndNeverEarly() {
        var wheel = TimerWheel(capacity: 4, now: Self.instant(1000))
        wheel.schedule(0, at: Self.instant(1300), now: Self.instant(1000))
        wheel.schedule(1, at: Self.instant(1100), now: Self.instant(1000))
        wheel.schedule(2, at: Self.instant(900), now: Self.instant(1000))
        let early = Self.popAll(&wheel, now: Self.instant(1099))
        let all = Self.popAll(&wheel, now: Self.instant(1304))
        #expect(early == [2])
        #expect(all == [1, 0])
        let count = wheel.count
        let earliest = wheel.earliest
        #expect(count == 0)
        #expect(earliest == nil)
    }

    @Test func schedulingAgainReplacesAndCancellingStops() {
        var wheel = TimerWheel(capacity: 2, now: Self.instant(0))
        wheel.schedule(0, at: Self.instant(100), now: Self.instant(0))
        wheel.schedule(0, at: Self.instant(200), now: Self.instant(0))
        wheel.schedule(1, at: Self.instant(150), now: Self.instant(0))
        wheel.cancel(1)
        wheel.cancel(1)
        let none = Self.popAll(&wheel, now: Self.instant(199))
        let one = Self.popAll(&wheel, now: Self.instant(200))
        #expect(none == [])
        #expect(one == [0])
    }

    @Test func aTimeBeyondTheHorizonFiresAtTheHorizon() {
        var wheel = TimerWheel(capacity: 1, now: Self.instant(0))
        wheel.schedule(0, at: .distantFuture, now: Self.instant(0))
        let earliest = wheel.earliest ?? Self.instant(0)
        #expect(earliest >= Instant(microseconds: 0) + TimerWheel.horizon)
        let early = Self.popAll(&wheel, now: Self.instant(8000))
        let fired = Self.popAll(&wheel, now: earliest)
        #expect(early == [])
        #expect(fired == [0])
    }

    @Test func aTimerSetLongAgoDoesNotShortenALaterOne() {
        var wheel = TimerWheel(capacity: 2, now: Self.instant(0))
        wheel.schedule(0, at: Self.instant(8000), now: Self.instant(0))
        wheel.schedule(1, at: Self.instant(9900), now: Self.instant(7900))
        let first = Self.popAll(&wheel, now: Self.instant(8000))
        let early = Self.popAll(&wheel, now: Self.instant(9896))
        let second = Self.popAll(&wheel, now: Self.instant(9900))
        #expect(first == [0])
        #expect(early == [])
        #expect(second == [1])
    }

    /// A list of times that does the same slowly.
    private struct Model {
        var due: [Int: UInt64] = [:]

        mutating func pop(_ nowTick: UInt64) -> Set<Int> {
            let fired = Set(due.filter { $0.value <= nowTick }.keys)
            for index in fired { due[index] = nil }
            return fired
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func doesWhatANaiveListDoes(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var wheel = TimerWheel(capacity: 40, now: Self.instant(0))
        var model = Model()
        var now: UInt64 = 0
        for _ in 0..<5000 {
            now += UInt64(random.below(20)) * UInt64(random.below(20))
            // The worker never sleeps past the earliest timer.
            if let earliest = wheel.earliest { now = min(now, earliest.microseconds / 1000) }
            let fired = Set(Self.popAll(&wheel, now: Self.instant(now)))
            let expected = model.pop(now / 4)
            #expect(fired == expected)
            for _ in 0..<random.below(4) {
                let index = random.below(40)
                if random.below(4) == 0 {
                    wheel.cancel(index)
                    model.due[index] = nil
                } else {
                    let delay = UInt64(random.below(8100))
                    wheel.schedule(
                        index, at: Self.instant(now + delay), now: Self.instant(now))
                    model.due[index] = max((now + delay + 3) / 4, now / 4 + 1)
                }
            }
            let earliest = wheel.earliest.map { $0.microseconds / 4000 }
            let expectedEarliest = model.due.values.min()
            let count = wheel.count
            #expect(earliest == expectedEarliest)
            #expect(count == model.due.count)
            guard fired == expected, earliest == expectedEarliest else { return }
        }
    }
}
