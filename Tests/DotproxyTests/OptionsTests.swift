import Configuration
import ProgramOptions
import TestSupport
import Testing

@testable import dotproxy

@Suite struct OptionsTests {
    private func parse(
        _ arguments: String..., environment: [String: String] = [:]
    ) throws(UsageError) -> Options {
        try Options.parse(
            ["dotproxy"] + arguments, environment: { environment[$0] }, workingDirectory: "/work")
    }

    @Test func nothingGiven() throws {
        let options = try parse()
        #expect(options == Options())
        #expect(options.action == .run)
        #expect(options.configPath == "/etc/dotproxy.conf")
        #expect(!options.configPathWasGiven)
    }

    @Test func everyOption() throws {
        let options = try parse(
            "--config", "a.conf", "--check-config", "--listen=127.0.0.1:5300", "--listen", "::1",
            "--allow=10.0.0.0/8", "--upstream", "192.0.2.1#a=b", "--ca-file", "ca.pem",
            "--log-level", "error",
            "--log-level=debug", "--")
        #expect(options.action == .checkConfig)
        #expect(options.configPath == "a.conf")
        #expect(options.configPathWasGiven)
        let overrides = options.overrides
        #expect(overrides.values(section: "Listen", key: "Address") == ["127.0.0.1:5300", "::1"])
        #expect(overrides.values(section: "Access", key: "Allow") == ["10.0.0.0/8"])
        #expect(overrides.values(section: "Upstream", key: "Server") == ["192.0.2.1#a=b"])
        #expect(overrides.values(section: "TLS", key: "CAFile") == ["/work/ca.pem"])
        #expect(overrides.values(section: "Log", key: "Level") == ["debug"])
    }

    @Test func everyVariable() throws {
        let options = try parse(environment: [
            "DOTPROXY_CONFIG": "/b.conf", "DOTPROXY_LISTEN": "127.0.0.1,::1",
            "DOTPROXY_UPSTREAMS": " 192.0.2.1#a pin-sha256=A, pin-sha256=B\n192.0.2.2 ",
            "DOTPROXY_CA_FILE": "/ca.pem", "DOTPROXY_LOG_LEVEL": "error",
            "DOTPROXY_ALLOW": "10.0.0.0/8, fd00::/8",
        ])
        #expect(options.configPath == "/b.conf")
        #expect(options.configPathWasGiven)
        let overrides = options.overrides
        #expect(overrides.values(section: "Listen", key: "Address") == ["127.0.0.1", "::1"])
        #expect(
            overrides.values(section: "Upstream", key: "Server")
                == ["192.0.2.1#a pin-sha256=A pin-sha256=B", "192.0.2.2"])
        #expect(overrides.values(section: "Access", key: "Allow") == ["10.0.0.0/8", "fd00::/8"])
        #expect(overrides.values(section: "TLS", key: "CAFile") == ["/ca.pem"])
        #expect(overrides.values(section: "Log", key: "Level") == ["error"])
    }

    @Test func commandLineBeatsEnvironment() throws {
        let options = try parse(
            "--config", "/a.conf", "--upstream", "192.0.2.1",
            environment: [
                "DOTPROXY_CONFIG": "/b.conf", "DOTPROXY_UPSTREAMS": "192.0.2.2",
                "DOTPROXY_LISTEN": "",
            ])
        #expect(options.configPath == "/a.conf")
        #expect(options.overrides.values(section: "Upstream", key: "Server") == ["192.0.2.1"])
        #expect(options.overrides.values(section: "Listen", key: "Address") == nil)
    }

    @Test func problemsNameWhereTheValueCameFrom() throws {
        let option = try parse("--upstream", "x.example#y.example").overrides
        let variable = try parse(environment: ["DOTPROXY_UPSTREAMS": "x.example#y.example"])
            .overrides
        for (overrides, origin) in [(option, "--upstream"), (variable, "DOTPROXY_UPSTREAMS")] {
            let error = #expect(throws: ConfigurationError.self) {
                try Configuration.parse([], overrides: overrides)
            }
            #expect(error?.problems.map(\.file) == [origin])
        }
    }

    @Test(arguments: [
        (
            "dns.example",
            "nobody is named who knows the address of 'dns.example' "
                + "(add 'Bootstrap=ADDRESS#NAME' to section [Upstream])"
        ),
        (
            ",",
            "no upstream server is configured (add 'Server=ADDRESS#NAME' to section [Upstream])"
        ),
        ("192.0.2.1,192.0.2.1", "'192.0.2.1' is there already"),
    ])
    func soDoProblemsOfTheWhole(value: String, problem: String) throws {
        let overrides = try parse(environment: ["DOTPROXY_UPSTREAMS": value]).overrides
        let file = SourceFile(name: "f", bytes: Array("[Log]\nLevel=info\n".utf8))
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.parse([file], overrides: overrides)
        }
        #expect(error?.problems.map(\.description) == ["DOTPROXY_UPSTREAMS: \(problem)"])
    }

    @Test func aHostOfARouteIsOfTheFileWhateverTheServersAre() throws {
        let overrides = try parse("--upstream", "192.0.2.1").overrides
        let file = SourceFile(
            name: "f", bytes: Array("[Route a.example]\nServer=ns.a.example\n".utf8))
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.parse([file], overrides: overrides)
        }
        #expect(error?.problems.map(\.file) == ["f"])
    }

    @Test(arguments: [
        (["--help"], Options.Action.help), (["-h"], .help), (["--version"], .version),
        (["--vers"], .version), (["--check"], .checkConfig), (["--version", "--help"], .version),
    ])
    func actions(arguments: [String], action: Options.Action) throws {
        let options = try Options.parse(
            ["dotproxy"] + arguments, environment: { _ in nil }, workingDirectory: "/")
        #expect(options.action == action)
    }

    @Test(arguments: [
        (["--verbose"], "unknown option '--verbose'"),
        (["-x"], "unknown option '-x'"),
        (
            ["--=x"],
            "option '--' is ambiguous: --check-config, --help, --version, --config, "
                + "--listen, --allow, --upstream, --ca-file, --log-level"
        ),
        (["--l", "x"], "option '--l' is ambiguous: --listen, --log-level"),
        (["--config"], "option '--config' needs a value"),
        (["--help=x"], "option '--help' takes no value"),
        (["/etc/dotproxy.conf"], "unexpected argument '/etc/dotproxy.conf'"),
        (["-"], "unexpected argument '-'"),
        (["--", "--help"], "unexpected argument '--help'"),
    ])
    func mistakes(arguments: [String], message: String) {
        let error = #expect(throws: UsageError.self) {
            try Options.parse(
                ["dotproxy"] + arguments, environment: { _ in nil }, workingDirectory: "/")
        }
        #expect(error?.description == message)
    }

    private static let options = [
        "--config", "--check-config", "--listen", "--allow", "--upstream", "--ca-file",
        "--log-level",
        "--version", "--help",
    ]

    private static let variables = [
        "DOTPROXY_CONFIG", "DOTPROXY_LISTEN", "DOTPROXY_UPSTREAMS", "DOTPROXY_CA_FILE",
        "DOTPROXY_LOG_LEVEL", "DOTPROXY_ALLOW",
    ]

    @Test func helpFitsATerminalAndNamesEverything() {
        let lines = Options.help.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count < 90 })
        for word in Self.options + Self.variables {
            #expect(Options.help.contains(word), "\(word) is missing")
        }
    }

    @Test func manualDescribesEveryOptionAndVariable() throws {
        let heads = try repositoryLines("man/dotproxy.8").filter { $0.hasPrefix(".B") }
            .map { $0.split(separator: "\\").joined() }
        let words = heads.flatMap { $0.split(whereSeparator: " ,\"".contains) }
        for word in Self.options + Self.variables {
            #expect(words.contains { $0 == word }, "\(word) is missing")
        }
    }

    @Test func completionOffersEveryOption() throws {
        let text = try repositoryLines("packaging/completion/dotproxy").joined(separator: " ")
        let words = text.split(whereSeparator: " '".contains)
        for word in Self.options {
            #expect(words.contains { $0 == word }, "\(word) is missing")
        }
    }
}
