import Glibc
import LinuxIO
import TestSupport
import Testing

/// Signals sent to one thread, so that other tests never see them.
@Suite struct SignalTests {
    @Test func aBlockedSignalIsReadFromTheDescriptor() throws {
        var descriptor = try SignalDescriptor()
        try descriptor.insert(SIGUSR1)
        defer { unblock([SIGUSR1]) }
        let before = descriptor.next()
        #expect(before == nil)
        #expect(raise(SIGUSR1) == 0)
        #expect(awaitReady(descriptor.raw))
        let read = [descriptor.next(), descriptor.next()]
        #expect(read == [SIGUSR1, nil])
    }

    @Test func aRemovedSignalStaysBlockedAndUnread() throws {
        var descriptor = try SignalDescriptor()
        try descriptor.insert(SIGUSR2)
        try descriptor.insert(SIGWINCH)
        try descriptor.remove(SIGUSR2)
        #expect(raise(SIGUSR2) == 0)
        let unread = descriptor.next()
        #expect(unread == nil)
        #expect(raise(SIGWINCH) == 0)
        let read = descriptor.next()
        #expect(read == SIGWINCH)
        // Taken off before it is let through: its default would end the process.
        try descriptor.insert(SIGUSR2)
        let late = descriptor.next()
        #expect(late == SIGUSR2)
        unblock([SIGUSR2, SIGWINCH])
    }

    @Test func anIgnoredSignalDoesNothing() async {
        await #expect(processExitsWith: .exitCode(40)) {
            Signals.ignore(SIGPIPE)
            raise(SIGPIPE)
            exit(40)
        }
    }
}
