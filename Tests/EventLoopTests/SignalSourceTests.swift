import EventLoop
import Glibc
import LinuxIO
import NetAddress
import TestSupport
import Testing

/// Signals sent to this thread alone, so that other tests never see them.
@Suite struct SignalSourceTests {
    @Test func tellsEachSignal() throws {
        let recorder = try Recorder()
        let sources = try [SIGUSR1, SIGWINCH].map {
            try recorder.loop.addSignal($0, handler: recorder)
        }
        defer { unblock([SIGUSR1, SIGWINCH]) }
        #expect(raise(SIGUSR1) == 0)
        recorder.onSignal = { number in
            if number == SIGUSR1 { raise(SIGWINCH) } else { recorder.loop.exit() }
        }
        try recorder.run()
        #expect(recorder.told == [.signal(SIGUSR1), .signal(SIGWINCH)])
        withExtendedLifetime(sources) {}
    }

    @Test func aDroppedSourceLeavesTheSignalPending() throws {
        let recorder = try Recorder()
        var source: SignalSource? = try recorder.loop.addSignal(SIGWINCH, handler: recorder)
        defer { unblock([SIGWINCH]) }
        #expect(source != nil)
        source = nil
        #expect(raise(SIGWINCH) == 0)
        let timer = try recorder.loop.addTimer(token: 1, handler: recorder)
        timer.arm(at: Clock.monotonic() + .milliseconds(5))
        recorder.onTimer = { _ in recorder.loop.exit() }
        try recorder.run()
        #expect(recorder.told == [.timer(1)])

        // A new source finds it.
        source = try recorder.loop.addSignal(SIGWINCH, handler: recorder)
        recorder.onSignal = { _ in
            source = nil
            recorder.loop.exit()
        }
        try recorder.run()
        #expect(recorder.told == [.timer(1), .signal(SIGWINCH)])
    }
}
