import EventLoop
import Glibc
import LinuxIO
import NetAddress
import TestServers

@testable import Control

/// A control server in a thread of its own, with a sink that has a ready answer to everything.
final class RunningDesk: Sendable {
    static let piece = String(repeating: "0123456789abcde\n", count: 1000)
    static let pieces = 500

    let path: String
    private let folder: TemporaryFolder
    private let event: EventDescriptor
    private let state: Guarded<State>

    struct State {
        var hasEnded = false
        /// Whether what makes a reply without end was let go.
        var isDropped = false
    }

    init(isEndless: Bool = false) throws {
        folder = try TemporaryFolder()
        path = try folder.write([], as: "control")
        // It was only to have the folder remove it.
        unlink(path)
        event = try EventDescriptor()
        let state = Guarded(State())
        self.state = state
        let listener = try LocalSocket.listen(path: path, mode: 0o600, backlog: 64)
        let number = listener.release()
        let stop = event.raw
        _ = try Thread.start(name: "desk") {
            do {
                let desk = try Desk(
                    owning: FileDescriptor(owning: number), stop: stop, isEndless: isEndless,
                    state)
                try desk.run()
            } catch {
                print("desk: \(error)")
            }
            state.withLock { $0.hasEnded = true }
        }
    }

    deinit {
        event.signal()
        _ = state.wait(atMost: .seconds(10)) { $0.hasEnded }
    }

    func connect() throws -> FileDescriptor {
        try LocalSocket.connect(path: path, patience: .seconds(20))
    }

    func waitUntilDropped() -> Bool {
        state.wait(atMost: .seconds(20)) { $0.isDropped }
    }

    /// Everything up to the end of the stream.
    func read(_ descriptor: borrowing FileDescriptor) throws -> String {
        var all: [UInt8] = []
        var room = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.recv(descriptor.raw, &room, room.count, 0)
            // A peer that had more to read from us resets the connection when it closes.
            guard count > 0 else { return String(decoding: all, as: UTF8.self) }
            all += room[..<count]
        }
    }
}

/// The thread's side of it.
private final class Desk: ControlSink, IOHandler {
    private let loop: EventLoop
    private var server: ControlServer?
    private var stopSource: IOSource?
    private let isEndless: Bool
    private let state: Guarded<RunningDesk.State>

    init(
        owning listener: consuming FileDescriptor, stop: CInt, isEndless: Bool,
        _ state: Guarded<RunningDesk.State>
    ) throws {
        loop = try EventLoop()
        self.isEndless = isEndless
        self.state = state
        server = try ControlServer(owning: listener, loop: loop, sink: self)
        stopSource = try loop.addIO(stop, events: .readable, token: 0, handler: self)
    }

    func run() throws { try loop.run() }

    func ioReady(token: Int, events: IOEvents) { loop.exit() }

    func requested(_ request: ControlRequest, by client: ControlClientID) {
        switch request {
        case .status:
            server?.reply(ControlReply(words: "plain", body: "one\n.two"), to: client)
        case .stats:
            let maker = PieceMaker(isEndless ? .max : RunningDesk.pieces, state)
            server?.reply(to: client) { maker.next() }
        case .reload:
            let body = String(repeating: "a", count: ControlLimits.replySize + 1)
            server?.reply(ControlReply(body: body), to: client)
        default: server?.reply(ControlReply(), to: client)
        }
    }
}

/// Makes the pieces of a long reply, and tells when it is let go.
private final class PieceMaker {
    private var left: Int
    private let state: Guarded<RunningDesk.State>

    init(_ count: Int, _ state: Guarded<RunningDesk.State>) {
        left = count
        self.state = state
    }

    deinit { state.withLock { $0.isDropped = true } }

    func next() -> String? {
        guard left > 0 else { return nil }
        left -= 1
        return RunningDesk.piece
    }
}
