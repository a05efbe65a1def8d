import Configuration
import Testing

@Suite struct OverridesTests {
    @Test func overridesReplaceWhatFilesSay() throws {
        var overrides = Overrides()
        overrides.set(
            section: "Upstream", key: "Server", to: ["192.0.2.9", " 192.0.2.8#a.example "],
            origin: "--upstream")
        let parsed = try configuration(server, overrides: overrides)
        #expect(
            parsed.upstream.servers.map(\.description) == [
                "192.0.2.9:853", "192.0.2.8:853#a.example",
            ])
    }

    @Test func theLastSettingOfAKeyStands() throws {
        var overrides = Overrides()
        overrides.set(section: "Log", key: "Level", to: ["error"], origin: "DOTPROXY_LOG_LEVEL")
        overrides.set(section: "Log", key: "Level", to: ["debug"], origin: "--log-level")
        #expect(overrides.values(section: "Log", key: "Level") == ["debug"])
        #expect(overrides.values(section: "TLS", key: "CAFile") == nil)
        let parsed = try configuration(server, overrides: overrides)
        #expect(parsed.log.level == .debug)
    }

    @Test func noFileIsNeeded() throws {
        var overrides = Overrides()
        overrides.set(section: "Upstream", key: "Server", to: ["::1"], origin: "--upstream")
        let parsed = try Configuration.parse([], overrides: overrides)
        #expect(parsed.upstream.servers.count == 1)
        #expect(throws: ConfigurationError.self) { try Configuration.parse([]) }
    }

    @Test(arguments: [
        (
            "Upstream", "Server", "nine#nine",
            "--x: the certificate must carry the name itself "
                + "(leave out '#' and what follows, or write an address before it)"
        ),
        ("TLS", "CAFile", "/a\nLevel=debug", "--x: the value holds a control character"),
        ("TLS", "Nothing", "1", "--x: there is no key 'Nothing' in section [TLS]"),
    ])
    func problemsNameTheOption(section: String, key: String, value: String, problem: String) {
        var overrides = Overrides()
        overrides.set(section: section, key: key, to: [value], origin: "--x")
        #expect(problems(Array(server.utf8), overrides: overrides) == [problem])
    }
}
