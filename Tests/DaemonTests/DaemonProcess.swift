import Glibc
import LinuxIO
import NetAddress
import TestServers

/// The built daemon in a process of its own, with sockets passed as systemd passes them.
///
/// For what one process cannot show of a part of itself: memory, descriptors, signals, exit codes.
final class DaemonProcess {
    /// It cannot be started.
    struct Failure: Error {
        let call: String
        let code: CInt
    }

    let endpoint: Endpoint
    let id: pid_t
    private let sockets: ListeningSockets
    private let folder: TemporaryFolder
    private var status: CInt?

    /// Descriptors on their way into the process, out of the way of 3, 4 and 5.
    private static let firstSpare: CInt = 200

    /// Starts it with this configuration; with `openFiles`, no more descriptors than that.
    ///
    /// It tells `manager` how it stands, is passed the file that a process before it had kept, and
    /// logs to a file if that is given.
    init(
        _ configuration: String, openFiles: Int? = nil, manager: ServiceManagerDouble? = nil,
        kept: CInt? = nil, log: String? = nil
    ) throws {
        sockets = try ListeningSockets()
        endpoint = sockets.endpoint
        folder = try TemporaryFolder()
        let path = try folder.write(Array(configuration.utf8), as: "dotproxy.conf")
        let limit = openFiles.map { "ulimit -n \($0); " } ?? ""
        // Only the new process knows the id that the sockets have to be meant for.
        let names = kept == nil ? "dns:dns" : "dns:dns:dotproxy-memory"
        let script = """
            \(limit)NOTIFY_SOCKET='\(manager?.address ?? "")' LISTEN_FDNAMES=\(names) LISTEN_PID=$$ \
            LISTEN_FDS=\(kept == nil ? 2 : 3) exec '\(try Self.program())' --config '\(path)' \
            \(log.map { "2>'\($0)'" } ?? "")
            """
        let passed = [sockets.datagram.descriptor.raw, sockets.stream.descriptor.raw]
        id = try Self.spawn(script, passed + (kept.map { [$0] } ?? []))
    }

    deinit { end(by: SIGKILL) }

    /// The program beside the bundle that this test is in.
    static func program(_ name: String = "dotproxy") throws -> String {
        var folder = ""
        for line in String(
            decoding: try readFile(path: "/proc/self/maps", limit: 1 << 22), as: UTF8.self
        )
        .split(separator: "\n") where line.hasSuffix(".xctest") {
            let path = line.drop { $0 != "/" }
            folder = String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
            break
        }
        return "\(folder)/\(name)"
    }

    static func spawn(_ script: String, _ passed: [CInt]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var spares: [CInt] = []
        defer { for spare in spares { close(spare) } }
        for (number, descriptor) in passed.enumerated() {
            let spare = fcntl(descriptor, F_DUPFD_CLOEXEC, firstSpare)
            guard spare >= 0 else { throw Failure(call: "fcntl", code: errno) }
            spares.append(spare)
            posix_spawn_file_actions_adddup2(&actions, spare, CInt(3 + number))
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = [
            strdup("sh"), strdup("-c"), strdup(script), nil,
        ]
        defer { for argument in arguments { free(argument) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { free(environment[0]) }
        var id = pid_t()
        let code = posix_spawn(&id, "/bin/sh", &actions, nil, &arguments, &environment)
        guard code == 0 else { throw Failure(call: "posix_spawn", code: code) }
        return id
    }

    /// A client of its.
    var client: PlainClient { PlainClient(endpoint) }

    /// The memory that it has in use, in KiB.
    func residentMemory() throws -> Int {
        let fields = try statistics()
        return fields.count > 1 ? fields[1] * 4 : 0
    }

    private func statistics() throws -> [Int] {
        let text = try readFile(path: "/proc/\(id)/statm", limit: 4096)
        return String(decoding: text, as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    }

    /// The processor time that it has used, in clock ticks of 10 ms.
    func processorTicks() throws -> Int {
        let text = try readFile(path: "/proc/\(id)/stat", limit: 4096)
        let fields = String(decoding: text, as: UTF8.self).split(separator: " ")
        return (Int(fields[13]) ?? 0) + (Int(fields[14]) ?? 0)
    }

    /// Writes another configuration, to be read at the next `SIGHUP`.
    func rewrite(_ configuration: String) throws {
        try folder.write(Array(configuration.utf8), as: "dotproxy.conf")
    }

    func signal(_ number: CInt) {
        kill(id, number)
    }

    /// Sends a signal and waits for the end; the exit code, or `nil` when it ended otherwise.
    @discardableResult
    func end(by number: CInt = SIGTERM) -> Int? {
        guard status == nil else { return nil }
        kill(id, number)
        return waitForEnd()
    }

    /// Waits for the end, ten seconds at most, and then makes it.
    func waitForEnd() -> Int? {
        var status: CInt = 0
        for _ in 0..<1000 {
            if waitpid(id, &status, WNOHANG) == id {
                self.status = status
                return status & 0x7f == 0 ? Int(status >> 8 & 0xff) : nil
            }
            usleep(10_000)
        }
        kill(id, SIGKILL)
        waitpid(id, &status, 0)
        self.status = status
        return nil
    }
}
