internal import Daemon
internal import Glibc

/// The `dotproxy` command: arguments in, exit code out.
@main
enum DotproxyCommand {
    static func main() {
        exit(run().rawValue)
    }

    private static func run() -> ExitCode {
        let options: Options
        do throws(Options.UsageError) {
            options = try Options.parseProcess()
        } catch {
            complain("dotproxy: \(error)\nTry 'dotproxy --help'.\n")
            return .usage
        }
        let loader = ConfigurationLoader(
            path: options.configPath, isRequired: options.configPathWasGiven,
            overrides: options.overrides)
        switch options.action {
        case .help: print(Options.help, terminator: "")
        case .version: print("dotproxy \(Options.version)")
        case .checkConfig: return Daemon.check(loader)
        case .run: return Daemon.run(loader)
        }
        return .success
    }

    private static func complain(_ text: String) {
        unsafe fputs(text, stderr)
    }
}
