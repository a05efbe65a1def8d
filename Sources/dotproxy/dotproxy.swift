internal import Daemon
internal import Glibc
internal import LinuxIO
internal import ProgramOptions

/// The `dotproxy` command: arguments in, exit code out.
@main
enum DotproxyCommand {
    static func main() {
        exit(run().rawValue)
    }

    private static func run() -> ExitCode {
        let options: Options
        do throws(UsageError) {
            options = try Options.parseProcess()
        } catch {
            Stderr.write(line: "dotproxy: \(error)")
            Stderr.write(line: "Try 'dotproxy --help'.")
            return .usage
        }
        let loader = ConfigurationLoader(
            path: options.configPath, isRequired: options.configPathWasGiven,
            overrides: options.overrides)
        switch options.action {
        case .help: print(Options.help, terminator: "")
        case .version: print("dotproxy \(Version.text)")
        case .checkConfig: return Daemon.check(loader)
        case .run: return Daemon.run(loader)
        }
        return .success
    }
}
