import Glibc
import LinuxIO
import TestServers

/// The built `dotproxyctl`, run once.
struct ControlTool {
    let code: Int?
    let output: String
    let complaint: String

    /// Runs it against the control socket at `socket` and waits for its end.
    static func run(
        _ arguments: String..., socket: String, input: String = ""
    ) throws -> ControlTool {
        let folder = try TemporaryFolder()
        let (output, complaint) = (
            try folder.write([], as: "output"), try folder.write([], as: "complaint")
        )
        let request = try folder.write(Array(input.utf8), as: "input")
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let script = """
            exec timeout 60 '\(try DaemonProcess.program("dotproxyctl"))' --socket '\(socket)' \
            \(words) <'\(request)' >'\(output)' 2>'\(complaint)'
            """
        let id = try DaemonProcess.spawn(script, [])
        var status: CInt = 0
        while waitpid(id, &status, 0) < 0, errno == EINTR {}
        return ControlTool(
            code: status & 0x7f == 0 ? Int(status >> 8 & 0xff) : nil,
            output: try text(output), complaint: try text(complaint))
    }

    private static func text(_ path: String) throws -> String {
        String(decoding: try readFile(path: path, limit: 1 << 24), as: UTF8.self)
    }
}
