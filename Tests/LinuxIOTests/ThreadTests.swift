import CLinux
import Glibc
import LinuxIO
import Synchronization
import Testing

@Suite struct ThreadTests {
    @Test func runsItsBodyBeforeJoinReturns() throws {
        let ran = Flag()
        let thread = try Thread.start(name: "test") { ran.set() }
        thread.join()
        #expect(ran.isSet)
    }

    @Test func isSeenByItsName() throws {
        let name = Mutex("")
        let box = NameBox(name)
        let thread = try Thread.start(name: "a-name-of-many-letters") { box.readOwnName() }
        thread.join()
        #expect(box.value == "a-name-of-many-")
    }

    @Test func aThreadThatNobodyJoinsStillRuns() throws {
        let event = try EventDescriptor()
        let raw = event.raw
        try startAndDrop(raw)
        #expect(awaitReady(raw))
        #expect(event.drain() == true)
    }

    private func startAndDrop(_ fd: CInt) throws {
        _ = try Thread.start(name: "dropped") {
            var one: UInt64 = 1
            _ = write(fd, &one, 8)
        }
    }
}

private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}

private final class NameBox: Sendable {
    private let name: Mutex<String>

    init(_ name: consuming Mutex<String>) { self.name = name }

    var value: String { name.withLock { $0 } }

    func readOwnName() {
        let fd = open("/proc/thread-self/comm", O_RDONLY)
        defer { close(fd) }
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = read(fd, &bytes, 32)
        let text = String(decoding: bytes[..<max(count - 1, 0)], as: UTF8.self)
        name.withLock { $0 = text }
    }
}
