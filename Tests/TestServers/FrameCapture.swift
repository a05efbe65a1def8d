import Glibc
import NetAddress

/// Debian's `fstrm_capture`, which takes frames at a Unix socket and keeps them in a file.
public final class FrameCapture {
    private let process: ShellProcess
    private let file: String

    /// Starts it for frames of one type, at `socket`; what was there is replaced.
    public init(
        of type: String = "protobuf:dnstap.Dnstap", at socket: String, in folder: TemporaryFolder
    ) throws(SystemError) {
        file = try folder.write([], as: "frames")
        unlink(socket)
        // It ends with the thread that has begun it, whatever happens to the test.
        process = try ShellProcess(
            """
            exec setpriv --pdeathsig KILL fstrm_capture -t '\(type)' -u '\(socket)' -w '\(file)' \
            2>/dev/null
            """)
        let deadline = Instant.now + .seconds(10)
        while !Self.listens(at: socket), Instant.now < deadline { usleep(5000) }
    }

    /// Whether somebody takes connections there: the file alone comes a moment too early.
    private static func listens(at path: String) -> Bool {
        let fd = Glibc.socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(fd) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, length) == 0 }
        }
    }

    /// A path for a socket, which goes with the folder.
    public static func socket(in folder: TemporaryFolder) throws(SystemError) -> String {
        let path = try folder.write([], as: "reader")
        unlink(path)
        return path
    }

    /// Has it stand still, and go on.
    public func pause() { process.signal(SIGSTOP) }
    public func proceed() { process.signal(SIGCONT) }

    /// Ends it; the file is complete then.
    public func end() {
        process.signal(SIGCONT)
        process.end()
    }

    /// Ends it; every frame that it was sent, without those that are about the stream.
    public func frames() throws(SystemError) -> [[UInt8]] {
        end()
        var rest = try octets(of: file)[...]
        var frames: [[UInt8]] = []
        while let length = Self.number(&rest) {
            if length > 0 {
                frames.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            } else if let length = Self.number(&rest) {
                rest = rest.dropFirst(length)
            }
        }
        return frames
    }

    /// Ends it; what `dnstap-read` of BIND says of the file with these options.
    public func dnstap(_ options: String = "") throws(SystemError) -> String {
        end()
        let output = "\(file).text"
        defer { unlink(output) }
        let reader = try ShellProcess(
            "exec timeout 30 dnstap-read \(options) '\(file)' >'\(output)' 2>&1")
        reader.waitForEnd()
        return String(decoding: try octets(of: output), as: UTF8.self)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Int? {
        guard rest.count >= 4 else { return nil }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    private func octets(of path: String) throws(SystemError) -> [UInt8] {
        let fd = try SystemError.check(open(path, O_RDONLY | O_CLOEXEC), "open \(path)")
        defer { close(fd) }
        var all: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = read(fd, &part, part.count), count > 0 { all += part[..<count] }
        return all
    }
}
