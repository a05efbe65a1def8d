import TestSupport
import Testing

@testable import Forwarder

@Suite struct QuestionIndexTests {
    private static func chain(_ index: borrowing QuestionIndex, _ hash: UInt64) -> [Int] {
        var found: [Int] = []
        var candidate = index.first(hash: hash)
        while let exchange = candidate {
            found.append(exchange)
            candidate = index.next(after: exchange)
        }
        return found
    }

    @Test func findsTheNewestFirst() {
        var index = QuestionIndex(capacity: 4)
        for exchange in 0..<3 { index.insert(exchange, hash: 5 << 32) }
        index.insert(3, hash: 6 << 32)
        let found = Self.chain(index, 5 << 32)
        index.remove(1)
        index.remove(1)
        let fewer = Self.chain(index, 5 << 32)
        #expect(found == [2, 1, 0])
        #expect(fewer == [2, 0])
    }

    @Test func doesWhatADictionaryDoes() {
        var random = SplitMix64(seed: 3)
        var index = QuestionIndex(capacity: 32)
        var model: [Int: UInt64] = [:]
        for _ in 0..<5000 {
            let exchange = random.below(32)
            if model.removeValue(forKey: exchange) == nil {
                // Few hashes, so that chains get long.
                let hash = UInt64(random.below(6)) << 32
                index.insert(exchange, hash: hash)
                model[exchange] = hash
            } else {
                index.remove(exchange)
            }
            let hash = UInt64(random.below(6)) << 32
            let found = Set(Self.chain(index, hash))
            #expect(found == Set(model.filter { $0.value == hash }.keys))
        }
    }
}
