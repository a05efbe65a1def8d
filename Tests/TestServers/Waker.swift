import CLinux
import Glibc

/// A pair of sockets that ends another thread's `poll` early.
final class Waker: Sendable {
    let readEnd: CInt
    private let writeEnd: CInt

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue) | Socket.flags
        try SystemError.check(socketpair(AF_UNIX, kind, 0, &ends), "socketpair")
        (readEnd, writeEnd) = (ends[0], ends[1])
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    /// Wakes the poller, now or when it polls next; a full buffer wakes it just as well.
    func wake() {
        var byte: UInt8 = 0
        _ = write(writeEnd, &byte, 1)
    }

    func drain() {
        var bytes = [UInt8](repeating: 0, count: 256)
        while read(readEnd, &bytes, bytes.count) > 0 {}
    }
}
