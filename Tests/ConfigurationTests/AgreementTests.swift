import Configuration
import NetAddress
import TestSupport
import Testing

/// Holds code, man page and shipped file together: each has every key, and the same defaults.
@Suite struct AgreementTests {
    @Test func shippedFileWithoutCommentsHasTheDefaults() throws {
        let name = "packaging/dotproxy.conf"
        let shipped = try Configuration.parse(
            [SourceFile(name: name, bytes: try repositoryFile(name))])
        var expected = Configuration.default
        expected.upstream.servers = shipped.upstream.servers
        #expect(shipped == expected)
        #expect(shipped.upstream.servers.count == 8)
        for target in shipped.upstream.servers {
            guard case .server(let server) = target else {
                Issue.record("\(target) would have to be looked up")
                continue
            }
            #expect(server.name != nil && server.endpoint.port == 853)
        }
    }

    @Test func shippedFileShowsEveryKeyWithItsDefault() throws {
        var section = ""
        var shown: [String] = []
        for line in try repositoryLines("packaging/dotproxy.conf") {
            if line.hasPrefix("[") { section = line }
            // A route is shown as a comment as a whole.
            if line.hasPrefix("#[Route") { section = "[Route]" }
            guard line.hasPrefix("#"), !line.hasPrefix("# "), line.contains("=") else { continue }
            shown.append(section + line.dropFirst())
        }
        let keys = ConfigurationKey.all.filter { $0.name != "Server" }
        #expect(shown == keys.map { "[\($0.section)]\($0.name)=\($0.defaultText)" })
    }

    @Test func manualDescribesEveryKeyWithDefaultAndExample() throws {
        var described: [String] = []
        var section = ""
        var key = ""
        for line in try repositoryLines("man/dotproxy.conf.5") {
            if line.hasPrefix(".SH") { section = String(line.dropFirst(5).prefix { $0 != " " }) }
            if line.hasPrefix(".BI "), let end = line.firstIndex(of: "=") {
                key = section + line[..<end].dropFirst(4)
            }
            if line.hasPrefix("Default: ") {
                let text = line.dropFirst(9).prefix { $0 != "," }
                described.append("\(key)=\(text.hasSuffix(".") ? text.dropLast() : text)")
            }
            if line.hasPrefix("Example:") { described.append("\(key) example") }
        }
        let expected = ConfigurationKey.all.flatMap { key in
            let name = "[\(key.section)]\(key.name)"
            return [
                "\(name)=\(key.defaultText.isEmpty ? "none" : key.defaultText)", "\(name) example",
            ]
        }
        #expect(described == expected)
    }

    @Test func examplesOfTheManualAreGood() throws {
        var text = server
        for line in try repositoryLines("man/dotproxy.conf.5") {
            if line.hasPrefix(".SH \"["), let end = line.firstIndex(of: "]") {
                let section = line[..<end].dropFirst(6)
                text += section == "Route" ? "[Route corp.example]\n" : "[\(section)]\n"
            }
            if line.hasPrefix(".B "), line.contains("="), !line.hasSuffix("=") {
                text += line.dropFirst(3).split(separator: "\\").joined() + "\n"
            }
        }
        let parsed = try configuration(text)
        #expect(parsed.upstream.timeout == .seconds(3))
        #expect(parsed.tls.caFile == "/etc/ssl/corp-ca.pem")
        #expect(parsed.log.level == .warning)
    }

    @Test func everySectionHasItsKeys() {
        for section in ConfigurationKey.sections {
            let keys = ConfigurationKey.keys(of: section)
            #expect(!keys.isEmpty && keys.allSatisfy { $0.section == section }, "\(section)")
        }
        #expect(ConfigurationKey.keys(of: "Nonsense").isEmpty)
        #expect(
            ConfigurationKey.all.filter(\.isList).map(\.name) == [
                "Server", "Bootstrap", "Server", "Address", "Allow", "Deny", "RateExempt", "Record",
                "Forward", "List", "Allow", "PrivateDomain",
            ])
        #expect(ConfigurationKey.all.allSatisfy { $0.summary.hasSuffix(".") && !$0.form.isEmpty })
    }
}
