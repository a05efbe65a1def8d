import DNSWire
import TestSupport
import Testing

/// Replays the corpora of the fuzz targets and mutations of them, the same ones every time.
@Suite struct FuzzCorpusTests {
    private static func corpus(_ target: String) throws -> [[UInt8]] {
        try repositoryFiles(in: "Fuzz/Corpus/\(target)").map {
            try repositoryFile("Fuzz/Corpus/\(target)/\($0)")
        }
    }

    @Test func seedsAreWhatTheirNamesSay() throws {
        var properties = MessageProperties()
        var accepted = 0
        var answers = 0
        for file in try repositoryFiles(in: "Fuzz/Corpus/FuzzMessage") {
            let bytes = try repositoryFile("Fuzz/Corpus/FuzzMessage/\(file)")
            let (outcome, violation) = properties.violation(by: bytes)
            #expect(violation == nil, "\(file)")
            let isQuery = outcome == .accepted || outcome == .refused
            #expect(isQuery == file.hasPrefix("query"), "\(file)")
            if outcome == .accepted { accepted += 1 }
            if outcome == .answer { answers += 1 }
        }
        #expect(accepted >= 5 && answers >= 10)
    }

    @Test(arguments: UInt64(0)..<4) func mutatedMessagesKeepTheProperties(seed: UInt64) throws {
        let seeds = try Self.corpus("FuzzMessage")
        var generator = SplitMix64(seed: 1035 + seed)
        var properties = MessageProperties()
        var outcomes: [MessageProperties.Outcome: Int] = [:]
        for round in 0..<50_000 {
            var bytes = seeds[round % seeds.count]
            for _ in 0...(round / seeds.count % 4) {
                mutate(&bytes, seeds, &generator)
            }
            let (outcome, violation) = properties.violation(by: bytes)
            outcomes[outcome, default: 0] += 1
            if let violation { Issue.record("\(violation): \(bytes)") }
        }
        // A replay in which one of them is rare has lost its way.
        for outcome in [MessageProperties.Outcome.nothing, .refused, .accepted, .answer] {
            #expect(outcomes[outcome, default: 0] > 500, "\(outcome)")
        }
    }

    @Test func streamsGiveTheSameMessagesHoweverTheyAreCut() throws {
        let seeds = try Self.corpus("FuzzFrame")
        try #require(seeds.count >= 5)
        var generator = SplitMix64(seed: 7766)
        for round in 0..<20_000 {
            var stream = seeds[round % seeds.count]
            for _ in 0..<(round / seeds.count % 4) { mutate(&stream, seeds, &generator) }
            let cuts = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
                UInt8.random(in: 0...63, using: &generator)
            }
            #expect(FrameProperties.violation(by: stream, cuts: cuts) == nil)
        }
    }

    private func mutate(
        _ bytes: inout [UInt8], _ seeds: [[UInt8]], _ generator: inout SplitMix64
    ) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        // Numbers that mean something where lengths, types and pointers stand.
        let telling: [UInt8] = [0, 1, 12, 41, 63, 64, 127, 128, 192, 255]
        switch Int.random(in: 0..<5, using: &generator) {
        case 0:
            bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
        case 1:
            bytes.removeSubrange(position..<min(bytes.count, position + 2))
        case 2 where position < bytes.count:
            bytes[position] = telling.randomElement(using: &generator) ?? 0
        case 3 where position < bytes.count:
            bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default:
            let other = seeds.randomElement(using: &generator) ?? []
            let start = Int.random(in: 0...other.count, using: &generator)
            bytes.replaceSubrange(position..., with: other[start...])
        }
    }
}
