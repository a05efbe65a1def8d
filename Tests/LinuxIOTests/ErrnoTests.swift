import Glibc
import LinuxIO
import Testing

@Suite struct ErrnoTests {
    @Test func saysWordsAndName() {
        #expect(Errno.connectionRefused.description == "Connection refused (ECONNREFUSED)")
        #expect(Errno(EACCES) == .permissionDenied)
    }

    @Test func saysTheNumberOfAnUnknownError() {
        #expect(Errno(4321).description == "error 4321")
    }

    @Test func tellsShortageFromRefusal() {
        #expect(Errno.tooManyOpenFiles.isShortage)
        #expect(Errno.noBufferSpace.isShortage)
        #expect(!Errno.connectionRefused.isShortage)
    }
}
