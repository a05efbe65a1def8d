import Glibc
import LinuxIO
import TestServers

/// A reader that takes everything, 2 KiB every 10 ms.
enum SlowReader {
    /// Takes one stream, for half a minute at most.
    static func start(at path: String) throws {
        let listener = try LocalSocket.listen(path: path, mode: 0o600, backlog: 4)
        // The thread has one of its own.
        let descriptor = dup(listener.raw)
        try BackgroundThread.start {
            defer { close(descriptor) }
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 10_000) == 1 else { return }
            let connection = Glibc.accept(descriptor, nil, nil)
            defer { close(connection) }
            read(connection)
        }
    }

    private static func read(_ connection: CInt) {
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        var octets = [UInt8](repeating: 0, count: 2048)
        // The first is the question whether it takes what there is; it came by one write.
        guard recv(connection, &octets, octets.count, 0) > 0 else { return }
        let answer = accept
        guard send(connection, answer, answer.count, CInt(MSG_NOSIGNAL)) == answer.count else {
            return
        }
        for _ in 0..<3000 {
            guard recv(connection, &octets, octets.count, 0) > 0 else { return }
            usleep(10_000)
        }
    }

    /// The control frame ACCEPT, with the type of the content in it.
    private static var accept: [UInt8] {
        let type = Array(Rig.type.utf8)
        let field = number(1) + number(type.count) + type
        return number(0) + number(4 + field.count) + number(1) + field
    }

    private static func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}
