import EventLoop
import Glibc
import LinuxIO
import NetAddress
import Testing

@Suite struct IOSourceTests {
    @Test func tellsWhatIsReady() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: [.readable, .writable], token: 7, handler: recorder)
        recorder.onIO = { _, _ in
            if recorder.told.count == 1 { pair.send() } else { recorder.loop.exit() }
        }
        try recorder.run()
        #expect(recorder.told == [.io(7, .writable), .io(7, [.readable, .writable])])
        withExtendedLifetime(source) {}
    }

    /// What the kernel says it watches a descriptor for, of whichever epoll descriptor.
    private func watched(_ fd: CInt) throws -> [String] {
        try listDirectory(path: "/proc/self/fdinfo", suffix: "").flatMap { number -> [String] in
            let path = "/proc/self/fdinfo/\(number)"
            guard let text = try? readFile(path: path, limit: 1 << 20) else { return [] }
            return String(decoding: text, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ", omittingEmptySubsequences: true)
                guard words.count > 3, words[0] == "tfd:", words[1] == "\(fd)" else { return nil }
                return String(words[3])
            }
        }
    }

    @Test func sharesADescriptorWithOtherLoops() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder, isShared: true)
        // EPOLLIN and EPOLLEXCLUSIVE, and what is always told: EPOLLERR and EPOLLHUP.
        #expect(try watched(pair.first) == ["10000019"])
        pair.send()
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(1, .readable)])
        withExtendedLifetime(source) {}
    }

    @Test func tellsAsLongAsItLasts() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        pair.send()
        recorder.onIO = { _, _ in if recorder.told.count == 3 { recorder.loop.exit() } }
        try recorder.run()
        #expect(recorder.told.count == 3)
        withExtendedLifetime(source) {}
    }

    @Test func tellsThatThePeerHasGone() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        shutdown(pair.second, CInt(SHUT_WR))
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(1, .readable)])
        withExtendedLifetime(source) {}
    }

    @Test func watchesForOtherEventsFromThenOn() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .writable, token: 1, handler: recorder)
        recorder.onIO = { _, events in
            if events.contains(.writable) {
                source.setEvents(.readable)
                source.setEvents(.readable)
                pair.send()
            } else {
                recorder.loop.exit()
            }
        }
        try recorder.run()
        #expect(recorder.told == [.io(1, .writable), .io(1, .readable)])
    }

    @Test func aDisabledSourceIsSilentEvenWhenThePeerHangsUp() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        let timer = try recorder.loop.addTimer(token: 2, handler: recorder)
        source.disable()
        pair.send()
        shutdown(pair.second, CInt(SHUT_RDWR))
        timer.arm(at: Clock.monotonic() + .milliseconds(20))
        recorder.onTimer = { _ in source.setEvents(.readable) }
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.timer(2), .io(1, [.readable, .hangUp])])
        // The hang-up was told to the loop once, not as long as it lasted.
        let wakeUps = recorder.entries.count - recorder.told.count
        #expect(wakeUps <= 3)
    }

    @Test func aDroppedSourceIsSilent() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        var source: IOSource? = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        pair.send()
        #expect(source != nil)
        source = nil
        let timer = try recorder.loop.addTimer(token: 2, handler: recorder)
        timer.arm(at: Clock.monotonic() + .milliseconds(5))
        recorder.onTimer = { _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.timer(2)])
    }

    @Test func mayBeDroppedInItsOwnCallback() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        var source: IOSource? = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        pair.send()
        #expect(source != nil)
        let timer = try recorder.loop.addTimer(token: 2, handler: recorder)
        recorder.onIO = { _, _ in
            source = nil
            timer.arm(at: recorder.loop.now)
        }
        recorder.onTimer = { _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(1, .readable), .timer(2)])
    }

    /// Both are ready in one wake-up; whichever is told first drops or disables the other.
    @Test(arguments: [true, false])
    func mayBeStoppedInAnothersCallback(dropping: Bool) throws {
        let recorder = try Recorder()
        let pairs = [try StreamPair(), try StreamPair()]
        var sources: [IOSource?] = try pairs.indices.map {
            try recorder.loop.addIO(
                pairs[$0].first, events: .readable, token: $0, handler: recorder)
        }
        for pair in pairs { pair.send() }
        recorder.onIO = { token, _ in
            if dropping { sources[1 - token] = nil } else { sources[1 - token]?.disable() }
            recorder.loop.exit()
        }
        try recorder.run()
        #expect(recorder.told.count == 1)
        #expect(recorder.entries.count == 2)
    }

    /// The event of the old descriptor must not reach the handler of the new one.
    @Test func aReusedNumberGetsNoEventOfItsPredecessor() throws {
        let recorder = try Recorder()
        var pairs: [StreamPair?] = [try StreamPair(), try StreamPair()]
        var sources: [IOSource?] = try pairs.indices.map {
            try recorder.loop.addIO(
                try #require(pairs[$0]).first, events: .readable, token: $0, handler: recorder)
        }
        for pair in pairs { pair?.send() }
        let spare = try StreamPair()
        var successor: IOSource?
        recorder.onIO = { token, _ in
            let other = 1 - token
            guard let number = pairs[other]?.first else { return }
            sources[other] = nil
            // Another open socket, with nothing to read, takes over the number at once.
            guard dup2(spare.first, number) == number else { return }
            successor = try? recorder.loop.addIO(
                number, events: .readable, token: 9, handler: recorder)
            recorder.loop.exit()
        }
        try recorder.run()
        #expect(recorder.told.count == 1)
        #expect(successor != nil)

        // The successor itself works.
        recorder.onIO = { token, _ in if token == 9 { recorder.loop.exit() } }
        spare.send()
        try recorder.run()
        #expect(recorder.told.last == .io(9, .readable))
        successor = nil
        pairs = []
    }

    /// Against the rule, the descriptor was closed first; its successor must not suffer.
    @Test func aSourceDroppedTooLateLeavesItsSuccessorAlone() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let spare = try StreamPair()
        var stale: IOSource? = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        #expect(dup2(spare.first, pair.first) == pair.first)
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 2, handler: recorder)
        stale?.setEvents(.writable)
        stale = nil
        spare.send()
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(2, .readable)])
        withExtendedLifetime(source) {}
    }

    @Test func aSecondSourceForADescriptorIsAnErrorAndHarmless() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        let source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: recorder)
        #expect(throws: Errno(EEXIST)) {
            _ = try recorder.loop.addIO(
                pair.first, events: .readable, token: 2, handler: recorder)
        }
        #expect(throws: Errno.badDescriptor) {
            _ = try recorder.loop.addIO(-1, events: .readable, token: 2, handler: recorder)
        }
        pair.send()
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(1, .readable)])
        withExtendedLifetime(source) {}
    }

    /// Owners drop their sources while they are going away themselves.
    @Test func mayBeOwnedByItsHandler() throws {
        let recorder = try Recorder()
        let pair = try StreamPair()
        var owner: Owner? = Owner()
        owner?.source = try recorder.loop.addIO(
            pair.first, events: .readable, token: 1, handler: try #require(owner))
        owner?.timer = try recorder.loop.addTimer(token: 1, handler: try #require(owner))
        owner?.timer?.arm(at: Clock.monotonic())
        pair.send()
        owner = nil
        let timer = try recorder.loop.addTimer(token: 2, handler: recorder)
        timer.arm(at: Clock.monotonic() + .milliseconds(5))
        recorder.onTimer = { _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.timer(2)])
    }

    @Test func tellsAnErrorWithoutBeingAsked() throws {
        let recorder = try Recorder()
        var numbers: [CInt] = [-1, -1]
        #expect(pipe(&numbers) == 0)
        let source = try recorder.loop.addIO(
            numbers[1], events: .readable, token: 1, handler: recorder)
        // A pipe that nobody reads is an error to whoever writes.
        close(numbers[0])
        recorder.onIO = { _, _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.io(1, .error)])
        withExtendedLifetime(source) {}
        close(numbers[1])
    }
}

private final class Owner: IOHandler, TimerHandler {
    var source: IOSource?
    var timer: TimerSource?

    func ioReady(token: Int, events: IOEvents) { Issue.record("told after its end") }
    func timerFired(token: Int) { Issue.record("fired after its end") }
}
