import TestSupport
import Testing

@testable import DNSCache

@Suite struct KeyedHashTests {
    private static func key(
        _ hash: KeyedHash, _ name: String, type: UInt16 = 1, dnssecOK: Bool = false,
        checkingDisabled: Bool = false, route: UInt8 = 0
    ) -> CacheKey {
        hash.key(
            CacheRig.question(name, type: type).span.bytes, dnssecOK: dnssecOK,
            checkingDisabled: checkingDisabled, route: route)
    }

    @Test func whatTellsAnswersApartTellsKeysApart() {
        let hash = KeyedHash(0x1234_5678_9abc_def0, 0x0fed_cba9_8765_4321)
        let keys = [
            Self.key(hash, "a.example"), Self.key(hash, "b.example"),
            Self.key(hash, "a.example", type: 28), Self.key(hash, "a.example", dnssecOK: true),
            Self.key(hash, "a.example", checkingDisabled: true),
            Self.key(hash, "a.example", dnssecOK: true, checkingDisabled: true),
            Self.key(hash, "a.example", route: 1), Self.key(hash, "."),
        ]
        #expect(Set(keys.map(\.hash)).count == keys.count)
        #expect(Self.key(hash, "a.example") == Self.key(hash, "A.EXAMPLE"))
    }

    @Test func theSecretDecides() {
        var random = SplitMix64(seed: 6)
        let hashes = (0..<100).map { _ in
            Self.key(KeyedHash(random.next(), random.next()), "a.example").hash
        }
        #expect(Set(hashes).count == 100)
    }

    /// Names that differ in little spread over all places, in both halves of the hash.
    @Test func similarNamesSpread() {
        let hash = KeyedHash(0x1234_5678_9abc_def0, 0x0fed_cba9_8765_4321)
        var low = [Int](repeating: 0, count: 64)
        var high = low
        for number in 0..<6400 {
            let value = Self.key(hash, "host\(number).example").hash
            low[Int(value & 63)] += 1
            high[Int(value >> 32 & 63)] += 1
        }
        // A hundred each on average; five standard deviations are 50.
        #expect(low.allSatisfy { (50...150).contains($0) })
        #expect(high.allSatisfy { (50...150).contains($0) })
    }
}
