import CLinux
import Glibc
import NetAddress

@testable import LinuxIO

/// Two connected stream sockets that do not block.
struct StreamPair: ~Copyable {
    let first: FileDescriptor
    let second: FileDescriptor

    init() throws {
        var numbers: [CInt] = [-1, -1]
        // Processes that other tests start would keep it open.
        let type = CInt(
            SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &numbers) == 0 else { throw Errno(errno) }
        first = FileDescriptor(owning: numbers[0])
        second = FileDescriptor(owning: numbers[1])
    }
}

/// A pipe whose ends do not block.
struct Pipe: ~Copyable {
    let output: FileDescriptor
    let input: FileDescriptor

    init() throws {
        var numbers: [CInt] = [-1, -1]
        guard pipe(&numbers) == 0 else { throw Errno(errno) }
        _ = fcntl(numbers[0], F_SETFL, O_NONBLOCK)
        _ = fcntl(numbers[1], F_SETFL, O_NONBLOCK)
        output = FileDescriptor(owning: numbers[0])
        input = FileDescriptor(owning: numbers[1])
    }
}

/// Whether a descriptor becomes ready within five seconds.
func awaitReady(_ fd: CInt, _ events: CInt = CInt(POLLIN)) -> Bool {
    var state = pollfd(fd: fd, events: CShort(events), revents: 0)
    return poll(&state, 1, 5000) == 1
}

func endpoint(_ text: String) throws -> Endpoint {
    guard let endpoint = Endpoint(text, defaultPort: 1) else { throw Errno.invalidArgument }
    return endpoint
}

/// An endpoint of an address with a port that the kernel chooses.
func anyPort(_ address: String) throws -> Endpoint {
    Endpoint(address: try endpoint(address).address, port: 0)
}

extension FileDescriptor {
    /// Reads what is there, at most `limit` octets.
    borrowing func readBytes(limit: Int = 4096) throws -> (transfer: Transfer, bytes: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: limit)
        var span = bytes.mutableSpan
        var raw = span.mutableBytes
        let transfer = try receive(into: &raw)
        guard case .bytes(let count) = transfer else { return (transfer, []) }
        return (transfer, Array(bytes[..<count]))
    }

    borrowing func sendBytes(_ bytes: [UInt8]) throws -> Transfer {
        try send(bytes.span.bytes)
    }
}
