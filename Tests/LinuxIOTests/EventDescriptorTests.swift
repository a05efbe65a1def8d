import Glibc
import LinuxIO
import Testing

@Suite struct EventDescriptorTests {
    @Test func isReadableFromSignalToDrain() throws {
        let event = try EventDescriptor()
        #expect(event.drain() == false)
        event.signal()
        event.signal()
        #expect(awaitReady(event.raw))
        #expect(event.drain() == true)
        #expect(event.drain() == false)
    }

    @Test func crossesThreads() throws {
        let event = try EventDescriptor()
        let raw = event.raw
        let copy = try duplicate(raw)
        let thread = try Thread.start(name: "signals") { signalDescriptor(copy) }
        #expect(awaitReady(raw))
        thread.join()
        #expect(event.drain() == true)
    }

    private func duplicate(_ fd: CInt) throws -> CInt {
        let copy = dup(fd)
        guard copy >= 0 else { throw Errno(errno) }
        return copy
    }
}

/// Signals by the raw number, as another owner would.
private func signalDescriptor(_ fd: CInt) {
    var one: UInt64 = 1
    _ = write(fd, &one, 8)
    close(fd)
}
