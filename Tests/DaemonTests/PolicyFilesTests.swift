import Configuration
import Forwarder
import LinuxIO
import NetAddress
import Policy
import TestServers
import Testing

@testable import Daemon

/// Rules of a configuration and of its files.
@Suite struct PolicyFilesTests {
    private let folder = Result { try TemporaryFolder() }
    private let files = PolicyFiles(seed: (1, 2))

    private static func endpoints(_ texts: String...) -> [Endpoint] {
        texts.compactMap { Endpoint($0, defaultPort: 53) }
    }

    private static func standing(
        _ client: String, _ settings: AccessSettings = AccessSettings(), at own: [Endpoint]
    ) -> AccessTable.Standing? {
        guard let address = IPAddress(client) else { return nil }
        return PolicyFiles.access(settings, own)?.standing(of: address)
    }

    @Test func whereOnlyTheHostCanComeNobodyIsLookedAt() {
        let own = Self.endpoints("127.0.0.53", "[::1]:5300", "127.0.0.1:5300")
        #expect(PolicyFiles.access(AccessSettings(), own) == nil)
    }

    @Test func elsewhereNobodyElseMayAskByDefault() {
        let own = Self.endpoints("127.0.0.53", "192.0.2.1", "[2001:db8::1]:53")
        #expect(Self.standing("127.0.0.1", at: own) == .exempt)
        #expect(Self.standing("192.0.2.1", at: own) == .exempt)
        #expect(Self.standing("2001:db8::1", at: own) == .exempt)
        #expect(Self.standing("192.0.2.2", at: own) == .denied)
        #expect(Self.standing("2001:db8::2", at: own) == .denied)
        let all = Self.endpoints("0.0.0.0", "[::]:53")
        #expect(Self.standing("0.0.0.0", at: all) == .denied)
        #expect(Self.standing("::1", at: all) == .exempt)
    }

    @Test func allowedClientsAreCountedUnlessTheyAreExempt() throws {
        var settings = AccessSettings()
        settings.allowed = [try #require(AddressPrefix("192.0.2.0/24"))]
        settings.rateExempt = [try #require(AddressPrefix("192.0.2.128/25"))]
        let own = Self.endpoints("192.0.2.1")
        #expect(Self.standing("192.0.2.2", settings, at: own) == .allowed)
        #expect(Self.standing("192.0.2.200", settings, at: own) == .exempt)
        settings.denied = [try #require(AddressPrefix("192.0.2.1"))]
        #expect(Self.standing("192.0.2.1", settings, at: own) == .denied)
    }

    @Test func clientsAreCountedOnUnderNewRules() {
        var configuration = Configuration.default
        configuration.local.hosts = .none
        let others = Self.endpoints("192.0.2.1")
        let first = files.rules(configuration, ownEndpoints: others).limiter
        configuration.access.allowed = []
        configuration.access.refusal = .drop
        let second = files.rules(configuration, ownEndpoints: others).limiter
        #expect(first != nil && first === second)
        configuration.access.rateBurst += 1
        let third = files.rules(configuration, ownEndpoints: others).limiter
        #expect(third != nil && first !== third)
        let none = files.rules(configuration, ownEndpoints: Self.endpoints("127.0.0.1")).limiter
        #expect(none == nil)
    }

    @Test func problemsOfFilesAreToldWithTheirLines() throws {
        let folder = try folder.get()
        var configuration = Configuration.default
        configuration.local.hosts = .path(
            try folder.write(Array("192.0.2.1 a\nb 192.0.2.2\n".utf8), as: "hosts"))
        configuration.filter.lists = [
            try folder.write(Array("a.example\nb/c\n".utf8), as: "one"),
            try folder.write(Array(String(repeating: "?\n", count: 50).utf8), as: "two"),
            "/nowhere/list",
        ]
        let rules = files.rules(configuration, ownEndpoints: [])
        let told = files.takeEntries().map(\.message)
        #expect(
            told.prefix(3) == [
                "\(folder.path)/hosts:2: expected an address, found 'b'",
                "\(folder.path)/one:2: 'b/c' is no name",
                "\(folder.path)/one: 1 names are not resolved",
            ])
        #expect(told.contains("\(folder.path)/two: 40 more problems"))
        #expect(told.contains { $0.hasPrefix("/nowhere/list cannot be read: ") })
        #expect(rules.filter?.count == 1)
        #expect(files.takeEntries().isEmpty)
    }

    @Test func aMissingHostsFileIsNoProblem() throws {
        var configuration = Configuration.default
        configuration.local.hosts = .path("/nowhere/hosts")
        let rules = files.rules(configuration, ownEndpoints: [])
        #expect(files.takeEntries().isEmpty)
        #expect(rules.names != nil)
        #expect(rules.filter == nil)
        #expect(rules.access == nil)
        #expect(rules.screen == nil)
    }

    @Test func namesOfARouteAreNotAnsweredHere() throws {
        let text = """
            [Upstream]
            Server=192.0.2.1
            [Local]
            Hosts=no
            [Route 10.in-addr.arpa corp.test]
            Server=192.0.2.2
            [Route ~.]
            Server=192.0.2.3
            """
        let configuration = try Configuration.parse([
            SourceFile(name: "f", bytes: Array(text.utf8))
        ])
        var plain = Configuration.default
        plain.local.hosts = .none
        let all = files.rules(plain, ownEndpoints: []).names?.count ?? 0
        let names = files.rules(configuration, ownEndpoints: []).names?.count ?? 0
        // The zone stays as one that is forwarded, and "corp.test" is another.
        #expect(all > 100)
        #expect(names == all + 1)
    }

    @Test func watchesWhatIsNamed() {
        var configuration = Configuration.default
        #expect(PolicyFiles.paths(configuration) == ["/etc/hosts"])
        configuration.filter.lists = ["/a", "/b"]
        configuration.local.hosts = .none
        #expect(PolicyFiles.paths(configuration) == ["/a", "/b"])
    }
}
