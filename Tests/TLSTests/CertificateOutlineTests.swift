import TestServers
import TestSupport
import Testing

@testable import TLS

@Suite struct CertificateOutlineTests {
    private func subject(_ der: [UInt8]) -> [UInt8]? {
        CertificateOutline.subject(in: der, 0..<der.count).map { Array(der[$0]) }
    }

    private func subjectByGnuTLS(_ der: [UInt8]) -> [UInt8]? {
        der.withUnsafeBufferPointer { octets in
            guard let certificate = Certificate(der: datum(borrowing: octets)) else { return nil }
            return certificate.rawNames.first
        }
    }

    @Test(arguments: [false, true])
    func findsTheSubjectThatGnuTLSReads(isVersion1: Bool) throws {
        let der = try Fixture.certificate { $0.isVersion1 = isVersion1 }.certificateDER
        let found = try #require(subject(der))
        #expect(found == subjectByGnuTLS(der))
    }

    @Test func findsItInTheMiddleOfOthers() throws {
        let der = try Fixture.certificate().certificateDER
        let padded = [0x30, 0x82, 0xff] + der + [0x30]
        let found = CertificateOutline.subject(in: padded, 3..<3 + der.count)
        #expect(found.map { Array(padded[$0]) } == subject(der))
    }

    @Test func takesNothingThatIsCutShortOrContinued() throws {
        let der = try Fixture.certificate().certificateDER
        for length in 0..<der.count { #expect(subject(Array(der[..<length])) == nil) }
        #expect(subject(der + [0]) == nil)
    }

    @Test func readsOnWhateverIsDamaged() throws {
        let der = try Fixture.certificate().certificateDER
        var random = SplitMix64(seed: 5)
        for _ in 0..<20_000 {
            var damaged = der
            let place = Int.random(in: 0..<120, using: &random)
            damaged[place] = UInt8.random(in: 0...255, using: &random)
            guard let found = CertificateOutline.subject(in: damaged, 0..<der.count) else {
                continue
            }
            #expect(found.lowerBound > 0 && found.upperBound <= der.count)
        }
    }
}
