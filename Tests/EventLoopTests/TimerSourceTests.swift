import EventLoop
import LinuxIO
import NetAddress
import Testing

@Suite struct TimerSourceTests {
    @Test func firesOnceAndNotEarly() throws {
        let recorder = try Recorder()
        let timers = try (0..<2).map { try recorder.loop.addTimer(token: $0, handler: recorder) }
        let start = Clock.monotonic()
        timers[0].arm(at: start + .milliseconds(10))
        timers[1].arm(at: start + .milliseconds(30))
        recorder.onTimer = { token in
            #expect(recorder.loop.now >= start + .milliseconds(token == 0 ? 10 : 30))
            if token == 1 { recorder.loop.exit() }
        }
        try recorder.run()
        #expect(recorder.told == [.timer(0), .timer(1)])
        #expect(!recorder.timedOut)
    }

    @Test func firesInTheOrderOfDeadlines() throws {
        let recorder = try Recorder()
        let start = Clock.monotonic()
        let order = [3, 1, 4, 0, 2]
        let timers = try order.map { try recorder.loop.addTimer(token: $0, handler: recorder) }
        for (timer, place) in zip(timers, order) {
            timer.arm(at: start + .milliseconds(UInt64(place)))
        }
        recorder.onTimer = { token in if token == 4 { recorder.loop.exit() } }
        try recorder.run()
        #expect(recorder.told == (0...4).map { .timer($0) })
    }

    @Test func theLastDeadlineCounts() throws {
        let recorder = try Recorder()
        let timers = try (0..<4).map { try recorder.loop.addTimer(token: $0, handler: recorder) }
        let start = Clock.monotonic()
        for timer in timers { timer.arm(at: start + .milliseconds(2)) }
        timers[0].disarm()
        timers[1].arm(at: start + .milliseconds(20))
        timers[2].arm(at: start + .milliseconds(1))
        timers[3].arm(at: .distantFuture)
        recorder.onTimer = { token in if token == 1 { recorder.loop.exit() } }
        try recorder.run()
        #expect(recorder.told == [.timer(2), .timer(1)])
    }

    /// A timer that is always overdue must not keep the others, or the loop, from their turn.
    @Test func armedForThePastItFiresOncePerWakeUp() throws {
        let recorder = try Recorder()
        let eager = try recorder.loop.addTimer(token: 0, handler: recorder)
        let other = try recorder.loop.addTimer(token: 1, handler: recorder)
        eager.arm(at: Instant(microseconds: 1))
        other.arm(at: Instant(microseconds: 2))
        recorder.onTimer = { token in
            if token == 0 { eager.arm(at: Instant(microseconds: 0)) }
        }
        recorder.onWakeUpEnd = { if recorder.told.count >= 4 { recorder.loop.exit() } }
        try recorder.run()
        #expect(
            recorder.entries == [
                .timer(0), .timer(1), .wakeUpEnded, .timer(0), .wakeUpEnded, .timer(0),
                .wakeUpEnded,
            ])
    }

    @Test(arguments: [true, false])
    func anothersHandlerMayDisarmOrDropIt(dropping: Bool) throws {
        let recorder = try Recorder()
        var timers: [TimerSource?] = try (0..<2).map {
            try recorder.loop.addTimer(token: $0, handler: recorder)
        }
        let past = Clock.monotonic()
        for timer in timers { timer?.arm(at: past) }
        recorder.onTimer = { token in
            if dropping { timers[1 - token] = nil } else { timers[1 - token]?.disarm() }
            recorder.loop.exit()
        }
        try recorder.run()
        #expect(recorder.told.count == 1)
    }

    @Test func mayBeDroppedInItsOwnHandler() throws {
        let recorder = try Recorder()
        var timer: TimerSource? = try recorder.loop.addTimer(token: 0, handler: recorder)
        var successor: TimerSource?
        timer?.arm(at: Clock.monotonic())
        recorder.onTimer = { token in
            guard token == 0 else { return recorder.loop.exit() }
            timer = nil
            // Gets the same slot, and nothing that was its predecessor's.
            successor = try? recorder.loop.addTimer(token: 1, handler: recorder)
            successor?.arm(at: recorder.loop.now)
        }
        try recorder.run()
        #expect(recorder.told == [.timer(0), .timer(1)])
        #expect(successor != nil)
    }

    @Test func timeStandsStillDuringAWakeUp() throws {
        let recorder = try Recorder()
        let timer = try recorder.loop.addTimer(token: 0, handler: recorder)
        timer.arm(at: Clock.monotonic())
        recorder.onTimer = { _ in
            let before = recorder.loop.now
            let start = Clock.monotonic()
            while Clock.monotonic() - start < .milliseconds(2) {}
            #expect(recorder.loop.now == before)
            recorder.loop.exit()
        }
        try recorder.run()
        #expect(recorder.told == [.timer(0)])
    }
}
