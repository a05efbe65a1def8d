import CGnuTLS
import NetAddress
import TestServers
import Testing

@testable import TLS

@Suite struct CertificateTests {
    @Test(
        arguments: [
            (.p256, true), (.p384, true), (.rsa2048, true), (.p192, false), (.rsa1024, false),
        ] as [(CertificateRequest.Key, Bool)])
    func strength(_ key: CertificateRequest.Key, _ isStrong: Bool) throws {
        let credentials = try Fixture.certificate { $0.key = key }
        let measured = read(credentials.certificateDER) { $0.hasStrongKey }
        #expect(measured == isStrong)
    }

    @Test func pin() throws {
        let credentials = try Fixture.certificate()
        let pin = read(credentials.certificateDER) { $0.pin }
        #expect(pin == credentials.pin)
    }

    @Test func names() throws {
        let credentials = try Fixture.certificate(names: ["a.example", "*.b.example"]) {
            $0.addresses = [IPAddress(v4: 0xc000_0201)]
            $0.commonName = "c.example"
        }
        let names = read(credentials.certificateDER) { $0.alternativeNames.map(\.words) }
        #expect(names == ["a.example", "*.b.example", "192.0.2.1"])
    }

    @Test func kinds() throws {
        let authority = try Fixture.certificate { $0.isAuthority = true }
        let selfSigned = try Fixture.certificate { $0.isSelfSigned = true }
        let old = try Fixture.certificate { $0.isVersion1 = true }
        #expect(read(authority.certificateDER) { $0.isAuthority } == true)
        #expect(read(selfSigned.certificateDER) { $0.isAuthority } == false)
        #expect(read(selfSigned.certificateDER) { $0.isSelfIssued } == true)
        #expect(read(authority.certificateDER) { $0.isSelfIssued } == false)
        #expect(read(old.certificateDER) { $0.version } == 1)
        #expect(read(old.certificateDER) { $0.alternativeNames } == [])
        #expect(read(authority.certificateDER) { $0.version } == 3)
    }

    /// Any damage leaves an unreadable certificate or another one, and never a trap.
    @Test func survivesDamage() throws {
        let good = try Fixture.certificate { $0.addresses = [Fixture.address] }.certificateDER
        for position in good.indices {
            var octets = good
            octets[position] ^= UInt8(truncatingIfNeeded: position | 1)
            _ = read(octets) { ($0.alternativeNames, $0.pin, $0.issuer, $0.hasStrongKey) }
            _ = read(Array(good[..<position])) { $0.alternativeNames }
        }
        #expect(read([]) { $0.version } == nil)
        #expect(read(Array(good.dropLast())) { $0.version } == nil)
    }

    private func read<Value>(_ der: [UInt8], _ body: (borrowing Certificate) -> Value) -> Value? {
        var octets = der
        return octets.withUnsafeMutableBufferPointer { buffer in
            let datum = gnutls_datum_t(data: buffer.baseAddress, size: UInt32(buffer.count))
            guard let certificate = Certificate(der: datum) else { return nil }
            return body(certificate)
        }
    }
}
