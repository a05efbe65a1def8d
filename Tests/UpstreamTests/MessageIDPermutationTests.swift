import Testing

@testable import Upstream

@Suite struct MessageIDPermutationTests {
    @Test(arguments: [0, 1, 0x0123_4567_89ab_cdef, .max] as [UInt64])
    func everyIDComesOnceAndLeadsBack(key: UInt64) {
        let permutation = MessageIDPermutation(key: key)
        var isSeen = [Bool](repeating: false, count: 65_536)
        var mistakes = 0
        for position in UInt16.min...UInt16.max {
            let id = permutation.id(at: position)
            if isSeen[Int(id)] || permutation.position(of: id) != position { mistakes += 1 }
            isSeen[Int(id)] = true
        }
        #expect(mistakes == 0)
    }

    @Test func keysGiveOtherSequences() {
        let one = MessageIDPermutation(key: 1)
        let other = MessageIDPermutation(key: 0x1_0000)
        let same = (0..<1000).count { one.id(at: $0) == other.id(at: $0) }
        #expect(same < 10)
    }

    @Test func theNextIDIsNotGuessedFromTheLast() {
        let permutation = MessageIDPermutation(key: 0xfeed_f00d_dead_beef)
        var steps: [UInt16: Int] = [:]
        for position in 0..<UInt16(10_000) {
            let step = permutation.id(at: position + 1) &- permutation.id(at: position)
            steps[step, default: 0] += 1
        }
        #expect((steps.values.max() ?? 0) < 40)
    }
}
