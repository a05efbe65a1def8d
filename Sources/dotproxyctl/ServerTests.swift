internal import Configuration
internal import Control
internal import Daemon
internal import LinuxIO
internal import NetAddress
internal import TLS

/// The tests of `dotproxyctl test`: of all servers of the configuration, or of one.
struct ServerTests {
    static let usualConfiguration = "/etc/dotproxy.conf"

    let configurationPath: String?
    /// A part of the server's text as in the configuration, or a server that is not in it.
    let wanted: String?
    /// Where the daemon is asked for the addresses of servers that are known by name.
    let socket: String

    /// Prints what is found.
    func run() -> CtlExitCode {
        do {
            let configuration = try loader(overrides: Overrides()).load()
            var servers = configuration.encryptedServers
            if let wanted {
                servers = servers.filter { "\($0)".contains(wanted) }
                if servers.isEmpty { servers = try named(wanted) }
            }
            return try run(servers.flatMap(addressed), configuration)
        } catch let error as ConfigurationError {
            for line in error.lines { DotproxyctlCommand.complain(line) }
        } catch {
            DotproxyctlCommand.complain("\(error)")
        }
        return .unreachable
    }

    private func run(
        _ servers: [UpstreamServer], _ configuration: Configuration
    ) throws(TLSContextError) -> CtlExitCode {
        let context = try TLSContext(
            trust: configuration.tls.caFile.map { .file(path: $0) } ?? .system,
            minimumVersion: configuration.tls.minimumVersion == .v13 ? .v13 : .v12)
        var isGood = !servers.isEmpty
        for (number, server) in servers.enumerated() {
            if number > 0 { print("") }
            let test = ServerTest(
                server: server, context: context, paddingBlock: configuration.tls.paddingBlock)
            isGood = test.run() && isGood
            Terminal.flushOutput()
        }
        return isGood ? .success : .refused
    }

    /// The servers that a target stands for, each at one address.
    private func addressed(_ target: UpstreamTarget) -> [UpstreamServer] {
        switch target {
        case .server(let server): return [server]
        case .host(let host):
            let servers = ["AAAA", "A"].flatMap { addresses(of: host.name, $0) }
                .map { host.server(at: $0) }
            if servers.isEmpty {
                DotproxyctlCommand.complain("the daemon tells no address of \(host)")
            }
            return servers
        }
    }

    private func addresses(of name: ServerName, _ type: String) -> [IPAddress] {
        let reply = try? ControlClient.ask(
            "query \(name) \(type) short", path: socket, patience: .seconds(10))
        return reply?.body.split(separator: "\n").compactMap { IPAddress($0) } ?? []
    }

    private func loader(overrides: Overrides) -> ConfigurationLoader {
        ConfigurationLoader(
            path: configurationPath ?? Self.usualConfiguration,
            isRequired: configurationPath != nil, overrides: overrides)
    }

    /// A server that the configuration does not have, as it would be written there.
    private func named(_ text: String) throws(ConfigurationError) -> [UpstreamTarget] {
        var overrides = Overrides()
        overrides.set(section: "Upstream", key: "Server", to: [text], origin: "test")
        return try loader(overrides: overrides).load().upstream.servers
    }
}
