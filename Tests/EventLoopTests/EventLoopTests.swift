import EventLoop
import Glibc
import LinuxIO
import NetAddress
import Testing

@Suite struct EventLoopTests {
    @Test func theWakeUpHandlerComesOnceAndLast() throws {
        let recorder = try Recorder()
        let pairs = try (0..<5).map { _ in try StreamPair() }
        let sources = try pairs.indices.map {
            try recorder.loop.addIO(
                pairs[$0].first, events: .readable, token: $0, handler: recorder)
        }
        let timer = try recorder.loop.addTimer(token: 9, handler: recorder)
        timer.arm(at: Clock.monotonic())
        for pair in pairs { pair.send() }
        recorder.onIO = { token, _ in pairs[token].drain() }
        recorder.onTimer = { _ in recorder.loop.exit() }
        try recorder.run()
        #expect(Set(recorder.told.compactMap(token)) == [0, 1, 2, 3, 4])
        #expect(recorder.entries.count == 7)
        #expect(recorder.entries.suffix(2) == [.timer(9), .wakeUpEnded])
        withExtendedLifetime(sources) {}
    }

    private func token(_ entry: Recorder.Entry) -> Int? {
        if case .io(let token, _) = entry { token } else { nil }
    }

    /// A descriptor that is always ready must not put off the end of the wake-up.
    @Test func wakeUpsEndUnderLoad() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        pair.send()
        recorder.onWakeUpEnd = { if recorder.entries.count >= 20 { recorder.loop.exit() } }
        try recorder.run()
        let expected = (0..<10).flatMap { _ in
            [Recorder.Entry.io(1, .readable), .wakeUpEnded]
        }
        #expect(recorder.entries == expected)
        withExtendedLifetime(source) {}
    }

    /// More are ready than the kernel tells at once.
    @Test func everyReadyDescriptorGetsItsTurn() throws {
        let recorder = try Recorder()
        let pairs = try (0..<150).map { _ in try StreamPair() }
        let sources = try pairs.indices.map {
            try recorder.loop.addIO(
                pairs[$0].first, events: .readable, token: $0, handler: recorder)
        }
        for pair in pairs { pair.send() }
        var seen: Set<Int> = []
        recorder.onIO = { token, _ in
            seen.insert(token)
            if seen.count == 150 { recorder.loop.exit() }
        }
        try recorder.run()
        #expect(seen.count == 150)
        #expect(recorder.told.count < 600)
        withExtendedLifetime(sources) {}
    }

    @Test func anotherThreadWakesIt() throws {
        let recorder = try Recorder()
        let event = try EventDescriptor()
        let source = try recorder.loop.addIO(
            event.raw, events: .readable, token: 1, handler: recorder)
        let copy = dup(event.raw)
        let thread = try Thread.start(name: "waker") {
            var one: UInt64 = 1
            _ = write(copy, &one, 8)
            close(copy)
        }
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(1, .readable)])
        thread.join()
        withExtendedLifetime(source) {}
    }

    @Test func runsAgainAfterAnExit() throws {
        let recorder = try Recorder()
        let timer = try recorder.loop.addTimer(token: 1, handler: recorder)
        recorder.onTimer = { _ in recorder.loop.exit() }
        for _ in 0..<2 {
            timer.arm(at: Clock.monotonic())
            try recorder.run()
        }
        #expect(recorder.told == [.timer(1), .timer(1)])
    }

    @Test func sleepsWhileThereIsNothingToDo() throws {
        let recorder = try Recorder()
        let timer = try recorder.loop.addTimer(token: 1, handler: recorder)
        timer.arm(at: Clock.monotonic() + .milliseconds(50))
        recorder.onTimer = { _ in recorder.loop.exit() }
        try recorder.run()
        let wakeUps = recorder.entries.count { $0 == .wakeUpEnded }
        #expect(wakeUps <= 2)
    }
}
