import Configuration
import NetAddress
import TestServers
import TestSupport
import Testing

@testable import Daemon

@Suite struct RuntimeConfigurationTests {
    private func make(
        caFile: String, version: MinimumTLSVersion = .v12,
        replacing previous: RuntimeConfiguration? = nil
    ) throws -> RuntimeConfiguration {
        var configuration = Configuration.default
        configuration.tls.caFile = caFile
        configuration.tls.minimumVersion = version
        return try RuntimeConfiguration(
            configuration, ownEndpoints: [], replacing: previous)
    }

    @Test func theSameTrustIsTheSameGeneration() throws {
        let authority = try Fixture.authority.get()
        let first = try make(caFile: authority.pemFile)
        // What counts is what is in the file.
        let copy = try authority.folder.write(authority.certificatePEM, as: "copy.pem")
        let second = try make(caFile: copy, replacing: first)
        #expect(second.trustGeneration == first.trustGeneration)
        let other = try CertificateAuthority(commonName: "another root")
        let third = try make(caFile: other.pemFile, replacing: second)
        #expect(third.trustGeneration != second.trustGeneration)
        let fourth = try make(caFile: other.pemFile, version: .v13, replacing: third)
        #expect(fourth.trustGeneration != third.trustGeneration)
    }

    @Test func aFileWithoutCertificatesIsAMistakeOfTheOperator() throws {
        let folder = try TemporaryFolder()
        for path in [try folder.write(Array("no PEM".utf8), as: "empty.pem"), "/nowhere.pem"] {
            let error = #expect(throws: StartupError.self) { _ = try make(caFile: path) }
            #expect(error?.exitCode == .configuration)
            #expect(error?.description.contains("CAFile=") == true)
        }
        var overrides = Overrides()
        overrides.set(section: "TLS", key: "CAFile", to: ["/nowhere.pem"], origin: "--ca-file")
        var configuration = Configuration.default
        configuration.tls.caFile = "/nowhere.pem"
        let error = #expect(throws: StartupError.self) {
            _ = try RuntimeConfiguration(configuration, overrides: overrides, ownEndpoints: [])
        }
        #expect(error?.description.hasPrefix("--ca-file: ") == true)
    }

    @Test func settingsReachTheForwarder() throws {
        var configuration = Configuration.default
        configuration.tls.caFile = try Fixture.authority.get().pemFile
        configuration.upstream.timeout = .seconds(3)
        configuration.tls.paddingBlock = 64
        configuration.listen.maximumUDPSize = 700
        configuration.listen.tcpIdleTimeout = .seconds(7)
        let own = Endpoint(address: .loopback, port: 53)
        let settings = try RuntimeConfiguration(
            configuration, ownEndpoints: [own]
        ).forwarderSettings
        #expect(settings.timeout == .seconds(3))
        #expect(settings.paddingBlock == 64)
        #expect(settings.maximumUDPSize == 700)
        #expect(settings.streamIdleTimeout == .seconds(7))
        #expect(settings.ownEndpoints == [own])
    }

    @Test func knowsTheRouteOfAName() throws {
        let text = """
            [Upstream]
            Server=192.0.2.1
            [Route example]
            Server=192.0.2.2
            [Route corp.example 10.0.0.0/8]
            Server=192.0.2.3
            """
        let runtime = try RuntimeConfiguration(
            Configuration.parse([SourceFile(name: "f", bytes: Array(text.utf8))]),
            ownEndpoints: [])
        for (name, route) in [
            ("www.example", 1), ("example", 1), ("corp.example", 2), ("a.b.corp.example", 2),
            ("1.0.0.10.in-addr.arpa", 2), ("acorp.example", 1), ("test", 0), (".", 0),
        ] {
            #expect(runtime.route(of: DomainName.wire(name)) == UInt8(route), "\(name)")
        }
    }
}
