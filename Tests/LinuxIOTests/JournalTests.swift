import CLinux
import Glibc
import Testing

@testable import LinuxIO

@Suite struct JournalTests {
    @Test func recognizesTheStreamByDeviceAndInode() throws {
        let pipe = try Pipe()
        var status = stat()
        #expect(fstat(pipe.input.raw, &status) == 0)
        let name = "\(status.st_dev):\(status.st_ino)"
        let fd = pipe.input.raw
        let isStream = { Journal.isStream($0, of: fd) }
        #expect(isStream(name))
        #expect(!isStream("\(status.st_dev):\(status.st_ino + 1)"))
        for nonsense in ["", ":", "1", "\(name):1", "x:y", "-1:-1"] {
            #expect(!isStream(nonsense))
        }
        #expect(!Journal.isStream(name, of: -1))
    }

    @Test func refusesWhatIsNoField() {
        for bad in ["no equals sign", "=value", "lower=case", "A B=c"] {
            #expect(!Journal.send(fields: ["MESSAGE=x", bad], to: "/nowhere"))
        }
    }

    @Test func writesOneDatagramAndNeverWaits() throws {
        let journal = try UnixDatagramSocket()
        #expect(Journal.send(fields: ["MESSAGE=two\nlines", "PRIORITY=5"], to: journal.path))
        #expect(journal.receive() == "MESSAGE=two lines\nPRIORITY=5\n")
        // The queue of a socket that nobody reads is short (net.unix.max_dgram_qlen).
        var refused = false
        for _ in 0..<100_000 where !refused {
            refused = !Journal.send(fields: ["MESSAGE=again"], to: journal.path)
        }
        #expect(refused)
    }
}

/// A socket in the place of the journal's.
private struct UnixDatagramSocket: ~Copyable {
    let path = "/tmp/dotproxy-journal-\(getpid())-\(UInt32.random(in: 0...(.max)))"
    private let descriptor: FileDescriptor

    init() throws {
        let number = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        descriptor = FileDescriptor(owning: number)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, length) }
        }
        guard result == 0 else { throw Errno(errno) }
    }

    deinit { unlink(path) }

    func receive() -> String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor.raw, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
}
