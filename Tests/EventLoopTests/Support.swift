import EventLoop
import Glibc
import LinuxIO
import NetAddress

/// Two connected stream sockets that do not block, closed when dropped.
final class StreamPair {
    let first: CInt
    let second: CInt

    init() throws {
        var numbers: [CInt] = [-1, -1]
        // Processes that other tests start would keep it open.
        let type = CInt(
            SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &numbers) == 0 else { throw Errno(errno) }
        first = numbers[0]
        second = numbers[1]
    }

    deinit {
        close(first)
        close(second)
    }

    /// Makes `first` readable.
    func send() { _ = write(second, [1], 1) }

    /// Makes `first` unreadable again.
    func drain() {
        var bytes = [UInt8](repeating: 0, count: 16)
        while read(first, &bytes, 16) > 0 {}
    }
}

/// A loop that ends by itself after five seconds, and a record of all it told.
final class Recorder: IOHandler, TimerHandler, SignalHandler, WakeUpHandler {
    enum Entry: Equatable {
        case io(Int, IOEvents)
        case timer(Int)
        case signal(CInt)
        case wakeUpEnded
    }

    let loop: EventLoop
    private(set) var entries: [Entry] = []
    private(set) var timedOut = false
    var onIO: (Int, IOEvents) -> Void = { _, _ in }
    var onTimer: (Int) -> Void = { _ in }
    var onSignal: (CInt) -> Void = { _ in }
    var onWakeUpEnd: () -> Void = {}
    private var guardTimer: TimerSource?
    private static let guardToken = -1

    init() throws {
        loop = try EventLoop()
        guardTimer = try loop.addTimer(token: Self.guardToken, handler: self)
        try loop.setWakeUpHandler(self)
    }

    func run() throws {
        guardTimer?.arm(at: Clock.monotonic() + .seconds(5))
        try loop.run()
    }

    /// What was told about descriptors, timers and signals.
    var told: [Entry] { entries.filter { $0 != .wakeUpEnded } }

    func ioReady(token: Int, events: IOEvents) {
        entries.append(.io(token, events))
        onIO(token, events)
    }

    func timerFired(token: Int) {
        guard token != Self.guardToken else {
            timedOut = true
            return loop.exit()
        }
        entries.append(.timer(token))
        onTimer(token)
    }

    func signalReceived(_ number: CInt) {
        entries.append(.signal(number))
        onSignal(number)
    }

    func wakeUpEnded() {
        entries.append(.wakeUpEnded)
        onWakeUpEnd()
    }
}
