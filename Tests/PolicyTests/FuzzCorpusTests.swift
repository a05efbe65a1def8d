import TestSupport
import Testing

/// Replays the corpus of the fuzz target and mutations of it, the same ones every time.
@Suite struct FuzzCorpusTests {
    private static let corpus = "Fuzz/Corpus/FuzzLists"

    @Test func mutatedFilesAreReadInPiecesAsWhole() throws {
        let inputs = try repositoryFiles(in: Self.corpus).map {
            try repositoryFile("\(Self.corpus)/\($0)")
        }
        try #require(inputs.count >= 4)
        var generator = SplitMix64(seed: 20_260_101)
        for round in 0..<400 {
            var bytes = inputs[round % inputs.count]
            for _ in 0..<(round / inputs.count % 8) {
                mutate(&bytes, with: inputs.randomElement(using: &generator) ?? [], &generator)
            }
            let violation = ListProperties.violation(
                by: Array(bytes.dropFirst(8)), cuts: Array(bytes.prefix(8)))
            #expect(violation == nil, "round \(round)")
        }
    }

    private func mutate(
        _ bytes: inout [UInt8], with other: [UInt8], _ generator: inout SplitMix64
    ) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: position)
        case 1: bytes.removeSubrange(position..<min(bytes.count, position + 3))
        case 2:
            if position < bytes.count {
                bytes[position] = Array("#.: \n\r!*0a%\t".utf8)[position % 12]
            }
        default:
            let start = Int.random(in: 0...other.count, using: &generator)
            bytes.replaceSubrange(position..., with: other[start...])
        }
    }
}
