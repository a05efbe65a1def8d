import DNSWire
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

    /// Names of every length, at the end of a message and before more, whatever TYPE and CLASS are.
    @Test(arguments: 1...255) func foldingOnTheWayMakesTheSameKey(nameLength: Int) throws {
        var random = SplitMix64(seed: UInt64(nameLength))
        let hash = KeyedHash(random.next(), random.next())
        for trailing in [0, 1, 4, 11] {
            // Letters, and octets next to letters.
            let name = (0..<nameLength).map { _ in UInt8(0x3f + random.below(0x40)) }
            let fields = (0..<4).map { _ in UInt8(0x40 + random.below(0x20)) }
            let message =
                [UInt8](repeating: 0x51, count: 12) + name + fields
                + [UInt8](repeating: 0x52, count: trailing)
            let folded = name.map { (0x41...0x5a).contains($0) ? $0 + 32 : $0 } + fields
            let question = Question(
                nameLength: nameLength,
                type: RecordType(rawValue: UInt16(fields[0]) << 8 | UInt16(fields[1])),
                recordClass: RecordClass(rawValue: UInt16(fields[2]) << 8 | UInt16(fields[3])))
            var target = [UInt8](repeating: 0xee, count: 264)
            var span = target.mutableSpan
            var bytes = span.mutableBytes
            let state = hash.fold(question, of: message.span.bytes, into: &bytes)
            let key = hash.key(
                state, question, dnssecOK: true, checkingDisabled: false, route: 3)
            #expect(Array(target[..<folded.count]) == folded)
            #expect(
                key
                    == hash.key(
                        folded.span.bytes, dnssecOK: true, checkingDisabled: false, route: 3))
        }
    }

    /// A name that is cut short and filled up with zeros is another name.
    @Test func theLengthCounts() {
        let hash = KeyedHash(0x1234_5678_9abc_def0, 0x0fed_cba9_8765_4321)
        let names = (0..<20).map { [UInt8](repeating: 0, count: $0) + [0, 1, 0, 1] }
        let hashes = names.map { hash.key($0.span.bytes, dnssecOK: false, checkingDisabled: false) }
        #expect(Set(hashes.map(\.hash)).count == names.count)
        #expect(Set(names.map { hash.hash(name: $0.span.bytes) }).count == names.count)
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
