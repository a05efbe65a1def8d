import Configuration
import TestSupport
import Testing

/// Replays the corpus of the fuzz target and mutations of it, the same ones every time.
@Suite struct FuzzCorpusTests {
    private static let corpus = "Fuzz/Corpus/FuzzConfiguration"

    @Test func mutatedFilesAreReadOrRefused() throws {
        let inputs = try repositoryFiles(in: Self.corpus).map {
            try repositoryFile("\(Self.corpus)/\($0)")
        }
        try #require(inputs.count >= 4)
        var generator = SplitMix64(seed: 20_240_229)
        var refused = 0
        for round in 0..<4000 {
            var bytes = inputs[round % inputs.count]
            for _ in 0..<(round / inputs.count % 8) {
                mutate(&bytes, with: inputs.randomElement(using: &generator) ?? [], &generator)
            }
            if try !check(bytes) { refused += 1 }
        }
        // A replay that reads or refuses everything has lost its way.
        #expect((1000..<3900).contains(refused))
    }

    /// Whether the bytes are good; if so, what they mean must survive being written and read.
    private func check(_ bytes: [UInt8]) throws -> Bool {
        let parsed: Configuration
        do throws(ConfigurationError) {
            parsed = try Configuration.parse([SourceFile(name: "input", bytes: bytes)])
        } catch {
            #expect((1...20).contains(error.problems.count))
            return false
        }
        let again = try configuration(parsed.text)
        #expect(again == parsed)
        return true
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
                bytes[position] = Array("=#[]:%\\\n\" .0".utf8)[position % 12]
            }
        default:
            let start = Int.random(in: 0...other.count, using: &generator)
            bytes.replaceSubrange(position..., with: other[start...])
        }
    }
}
