internal import Control
internal import Glibc
internal import LinuxIO
internal import NetAddress
internal import ProgramOptions

/// The `dotproxyctl` command: arguments in, exit code out.
@main
enum DotproxyctlCommand {
    static func main() {
        let code = run()
        Terminal.flushOutput()
        exit(code.rawValue)
    }

    private static func run() -> CtlExitCode {
        let invocation: Invocation
        do throws(UsageError) {
            invocation = try Invocation.parse(ProcessArguments.all)
        } catch {
            complain("\(error)")
            complain("Try 'dotproxyctl --help'.")
            return .usage
        }
        switch invocation.action {
        case .help: print(Invocation.help, terminator: "")
        case .version: print("dotproxyctl \(Version.text)")
        case .run(let command):
            do throws(ControlClient.Failure) {
                return try Session(invocation, command).run()
            } catch {
                complain("\(error)")
                return .unreachable
            }
        }
        return .success
    }

    static func complain(_ line: String) {
        Stderr.write(line: "dotproxyctl: \(line)")
    }
}

/// How the process ends.
struct CtlExitCode: Equatable {
    let rawValue: Int32

    static let success = CtlExitCode(rawValue: 0)
    /// The service is degraded, or refuses what was asked.
    static let refused = CtlExitCode(rawValue: 1)
    /// The service is down, or cannot be asked.
    static let unreachable = CtlExitCode(rawValue: 2)
    /// The command line makes no sense (`EX_USAGE`).
    static let usage = CtlExitCode(rawValue: 64)
}
