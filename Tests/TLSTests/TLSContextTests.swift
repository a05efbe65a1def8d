import TLS
import TestServers
import Testing

@Suite struct TLSContextTests {
    @Test func digestFollowsTheAuthorities() throws {
        let first = try Fixture.context()
        let second = try Fixture.context(minimum: .v13)
        #expect(first.trustDigest == second.trustDigest)
        let stranger = try CertificateAuthority(commonName: "stranger")
        let third = try TLSContext(trust: .file(path: stranger.pemFile), minimumVersion: .v12)
        #expect(first.trustDigest != third.trustDigest)
    }

    @Test func loadsTheSystemsAuthorities() throws {
        let context = try TLSContext(trust: .system, minimumVersion: .v12)
        #expect(context.trustDigest != (try Fixture.context().trustDigest))
    }

    @Test(
        arguments: [
            ("absent.pem", nil, "cannot read certificates from %: No such file or directory"),
            ("empty.pem", "", "% has no certificate in it (PEM expected)"),
            ("words.pem", "no certificate\n", "% has no certificate in it (PEM expected)"),
        ] as [(String, String?, String)])
    func saysWhatIsWrongWithAFile(_ name: String, _ text: String?, _ words: String) throws {
        let folder = try TemporaryFolder()
        var path = "/nonexistent/\(name)"
        if let text { path = try folder.write(Array(text.utf8), as: name) }
        #expect(throws: (any Error).self) {
            try TLSContext(trust: .file(path: path), minimumVersion: .v12)
        }
        do {
            _ = try TLSContext(trust: .file(path: path), minimumVersion: .v12)
        } catch {
            let expected = words.split(separator: "%", omittingEmptySubsequences: false)
            #expect(error.description == expected.joined(separator: path))
        }
    }

    @Test func saysThatAFolderIsNoFile() throws {
        #expect(
            throws: TLSContextError.unreadable(path: "/tmp", reason: "not a regular file")
        ) {
            try TLSContext(trust: .file(path: "/tmp"), minimumVersion: .v12)
        }
    }

    @Test func saysThatACertificateIsDamaged() throws {
        let folder = try TemporaryFolder()
        let text = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
        let path = try folder.write(Array(text.utf8), as: "damaged.pem")
        do {
            _ = try TLSContext(trust: .file(path: path), minimumVersion: .v12)
            Issue.record("a damaged certificate was taken")
        } catch {
            guard case .malformed = error else {
                Issue.record("\(error)")
                return
            }
        }
    }
}
