import CGnuTLS
import NetAddress
import TestServers
import Testing

@testable import TLS

@Suite struct TrustStoreTests {
    private static let systemFile = "/etc/ssl/certs/ca-certificates.crt"

    private func store(_ pem: [UInt8], isThorough: Bool = true) throws -> TrustStore {
        try pem.withUnsafeBufferPointer { try TrustStore(pem: $0, isThorough: isThorough) }
    }

    private func found(_ store: TrustStore, _ names: [[UInt8]]) -> [[UInt8]] {
        var found: [[UInt8]] = []
        store.withAuthorities(named: names) { found.append(Array($0)) }
        return found
    }

    /// The names that GnuTLS reads in a certificate, its own and its issuer's.
    private func names(_ der: [UInt8]) -> [[UInt8]] {
        der.withUnsafeBufferPointer { octets in
            guard let certificate = Certificate(der: datum(borrowing: octets)) else { return [] }
            return certificate.rawNames
        }
    }

    @Test func findsEveryAuthorityOfTheSystemByTheNameThatGnuTLSReads() throws {
        let pem = try PEM.contents(of: Self.systemFile)
        let store = try store(pem, isThorough: false)
        let text = String(decoding: pem, as: UTF8.self)
        let certificates = text.split(separator: "-----BEGIN CERTIFICATE-----").map { part in
            Array("-----BEGIN CERTIFICATE-----\(part)".utf8)
        }
        #expect(store.count == certificates.count && store.count > 100)
        for certificate in certificates {
            let der = try PEM.decode(certificate)
            let subject = try #require(names(der).first)
            #expect(found(store, [subject]).contains(der))
        }
    }

    @Test func findsNothingUnderOtherNames() throws {
        let authority = try Fixture.authority.get()
        let store = try store(authority.certificatePEM)
        let subject = try #require(names(try PEM.decode(authority.certificatePEM)).first)
        #expect(found(store, [subject]).count == 1)
        #expect(found(store, []).isEmpty)
        #expect(found(store, [Array(subject.dropLast()), subject + [0], []]).isEmpty)
    }

    @Test func oneAmongManyIsTrusted() throws {
        let authority = try Fixture.authority.get()
        let folder = try TemporaryFolder()
        let bundle = try PEM.contents(of: Self.systemFile)
        let path = try folder.write(bundle + authority.certificatePEM + bundle, as: "bundle.pem")
        let context = try TLSContext(trust: .file(path: path), minimumVersion: .v12)
        #expect(context.trust.count > 2)
        let link = try Link(
            Fixture.server(), context: context, presents: try Fixture.certificate())
        #expect(link.handshake() == .done(0))
    }

    @Test func theDigestIsOfEveryCertificateInOrder() throws {
        let first = try CertificateAuthority(commonName: "first").certificatePEM
        let second = try CertificateAuthority(commonName: "second").certificatePEM
        let texts = [first, second, first + second, second + first]
        let digests = try texts.map { try store($0).digest }
        #expect(Set(digests).count == 4)
        #expect(try store(first + second, isThorough: false).digest == digests[2])
    }

    @Test func aSoundFrameAroundNonsenseIsFoundWhenLookedAtThoroughly() throws {
        var der = try PEM.decode(Fixture.authority.get().certificatePEM)
        // The last octets are the signature, the subject is far before: the outline stays sound.
        der[der.count - 80] ^= 0xff
        let pem = try PEM.encode(der)
        #expect(throws: TrustStore.Defect.self) { try store(pem) }
        #expect(try store(pem, isThorough: false).count == 1)
    }
}
