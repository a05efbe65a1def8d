import Forwarder
import NetAddress
import TestSupport
import Testing

@Suite struct HostAddressesTests {
    private func known() throws -> [HostAddresses] {
        let six = IPAddress(v6High: 0x2620_00fe_0000_0000, low: 0xfe)
        return [
            HostAddresses(
                name: try #require(ServerName("dns.example")),
                addresses: [six, IPAddress(v4: 0x0909_0909)]),
            HostAddresses(name: try #require(ServerName("a.example")), addresses: []),
        ]
    }

    @Test func comesBackWithWhatFollowsLeftAlone() throws {
        let known = try known()
        let packed = HostAddresses.packed(known)
        let longer = packed + [1, 2, 3]
        let found = HostAddresses.unpack(longer.span.bytes)
        #expect(found?.known == known)
        #expect(found?.end == packed.count)
        #expect(HostAddresses.packed([]) == [0])
    }

    @Test func nothingThatIsCutShortIsTaken() throws {
        let packed = HostAddresses.packed(try known())
        for length in packed.indices {
            let isTaken = HostAddresses.unpack(Array(packed[..<length]).span.bytes) != nil
            #expect(!isTaken, "\(length)")
        }
    }

    @Test func nothingThatIsNoNameOrAddressIsTaken() throws {
        let good = HostAddresses.packed(Array(try known().prefix(1)))
        for (place, octet) in [(2, UInt8(ascii: " ")), (1, 0), (14, 5), (1, 255)] {
            var bad = good
            bad[place] = octet
            let isTaken = HostAddresses.unpack(bad.span.bytes) != nil
            #expect(!isTaken, "octet \(place)")
        }
    }

    private static let corpus = "Fuzz/Corpus/FuzzAddresses"

    @Test func seedsAreWhatTheirNamesSay() throws {
        for file in try repositoryFiles(in: Self.corpus) {
            let octets = try repositoryFile("\(Self.corpus)/\(file)")
            let found = HostAddresses.unpack(octets.span.bytes)
            let end = found?.end
            let count = found?.known.flatMap(\.addresses).count
            switch file {
            case "none": #expect(count == 0)
            case "both-families": #expect(count == 2 && end == octets.count)
            case "octets-behind": #expect(count == 1 && end == octets.count - 7)
            case "one", "longest-name", "capitals": #expect(count == 1, "\(file)")
            default: #expect(count == nil, "\(file)")
            }
        }
    }

    /// Whatever is there: what was taken is written as something that can be taken again.
    @Test func mutatedSeedsDoNoHarm() throws {
        let seeds = try repositoryFiles(in: Self.corpus).map {
            try repositoryFile("\(Self.corpus)/\($0)")
        }
        var generator = SplitMix64(seed: 20_261_120)
        var taken = 0
        for round in 0..<20_000 {
            var octets = seeds[round % seeds.count]
            for _ in 0...generator.below(3) where !octets.isEmpty {
                octets[generator.below(octets.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            octets.removeLast(generator.below(8) == 0 ? generator.below(octets.count + 1) : 0)
            guard let found = HostAddresses.unpack(octets.span.bytes) else { continue }
            taken += 1
            let packed = HostAddresses.packed(found.known)
            let again = HostAddresses.unpack(packed.span.bytes)
            #expect(found.end <= octets.count && packed.count <= found.end, "round \(round)")
            #expect(again?.known == found.known && again?.end == packed.count, "round \(round)")
        }
        #expect(taken > 1000, "\(taken)")
    }
}
