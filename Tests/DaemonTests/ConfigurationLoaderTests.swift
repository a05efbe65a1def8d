import Configuration
import Glibc
import LinuxIO
import NetAddress
import TestServers
import Testing

@testable import Daemon

@Suite struct ConfigurationLoaderTests {
    private let folder = Result { try TemporaryFolder() }

    private func load(
        _ files: [(name: String, text: String)], isRequired: Bool = true,
        overrides: Overrides = Overrides()
    ) throws -> Configuration {
        let folder = try folder.get()
        mkdir("\(folder.path)/d.conf.d", 0o755)
        defer { rmdir("\(folder.path)/d.conf.d") }
        for file in files { try folder.write(Array(file.text.utf8), as: file.name) }
        defer { for file in files { unlink("\(folder.path)/\(file.name)") } }
        return try ConfigurationLoader(
            path: "\(folder.path)/d.conf", isRequired: isRequired, overrides: overrides
        ).load()
    }

    private static let server = "[Upstream]\nServer=192.0.2.1#dot.example\n"

    @Test func dropInsComeAfterTheFileInTheOrderOfTheirNames() throws {
        let configuration = try load([
            ("d.conf", Self.server + "Timeout=1s\n"),
            ("d.conf.d/20-b.conf", "[Upstream]\nTimeout=3s\n"),
            ("d.conf.d/10-a.conf", "[Upstream]\nTimeout=2s\n[Log]\nLevel=debug\n"),
            ("d.conf.d/30-c.txt", "nonsense"),
            ("d.conf.d/.40-d.conf", "nonsense"),
        ])
        #expect(configuration.upstream.timeout == .seconds(3))
        #expect(configuration.log.level == .debug)
        #expect(configuration.upstream.servers.count == 1)
    }

    @Test func theCommandLineHasTheLastWord() throws {
        var overrides = Overrides()
        overrides.set(
            section: "Upstream", key: "Server", to: ["192.0.2.2#dot.example"], origin: "--upstream")
        let configuration = try load([("d.conf", Self.server)], overrides: overrides)
        let servers = configuration.upstream.servers.map(\.description)
        #expect(servers == ["192.0.2.2:853#dot.example"])
    }

    @Test func aFileThatWasNamedMustBeThere() throws {
        let error = #expect(throws: ConfigurationError.self) { _ = try load([]) }
        #expect(error?.problems.first?.description.contains("d.conf: cannot be read") == true)
        var overrides = Overrides()
        overrides.set(
            section: "Upstream", key: "Server", to: ["192.0.2.2#dot.example"], origin: "--upstream")
        let configuration = try load([], isRequired: false, overrides: overrides)
        #expect(configuration.upstream.servers.count == 1)
    }

    @Test func aFileThatIsTooLongIsCalledSo() throws {
        let text = Self.server + String(repeating: "# nothing\n", count: 200_000)
        let error = #expect(throws: ConfigurationError.self) {
            _ = try load([("d.conf", text)])
        }
        #expect(error?.lines.count == 1)
        #expect(error?.lines.first?.hasSuffix("d.conf: the file is over 1 MiB long") == true)
    }

    /// Nobody who has mended all that was shown is to find that there was more.
    @Test func problemsThatAreLeftOutAreCounted() throws {
        let text = Self.server + String(repeating: "Timout=2s\n", count: 30)
        let error = #expect(throws: ConfigurationError.self) {
            _ = try load([("d.conf", text)])
        }
        #expect(error?.lines.count == 21)
        #expect(error?.lines.last == "... and 10 more problems")
    }

    @Test func aProblemNamesTheFileItIsIn() throws {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try load([
                ("d.conf", Self.server), ("d.conf.d/10-a.conf", "[Upstream]\nTimout=2s\n"),
            ])
        }
        #expect(error?.problems.count == 1)
        #expect(error?.problems.first?.description.contains("d.conf.d/10-a.conf:2:") == true)
    }
}
