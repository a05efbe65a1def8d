import NetAddress
import Testing

@testable import Upstream

@Suite struct RoundTripEstimateTests {
    private func estimate(milliseconds samples: [UInt64]) -> RoundTripEstimate {
        var estimate = RoundTripEstimate()
        for sample in samples { estimate.add(.milliseconds(sample)) }
        return estimate
    }

    @Test func nothingIsKnownBeforeEightAnswers() {
        let none = RoundTripEstimate()
        let seven = estimate(milliseconds: [1, 2, 3, 4, 5, 6, 7])
        let eight = estimate(milliseconds: [8, 7, 6, 5, 4, 3, 2, 1])
        #expect(!none.isKnown)
        #expect(none.median == .zero)
        #expect(!seven.isKnown)
        #expect(eight.isKnown)
        #expect(eight.median == .milliseconds(5))
        #expect(eight.percentile95 == .milliseconds(8))
    }

    @Test func ofATenthOfSlowAnswersTheMedianSaysNothing() {
        let samples = (0..<32).map { $0 % 10 == 9 ? UInt64(400) : 20 }
        let mixed = estimate(milliseconds: samples)
        #expect(mixed.median == .milliseconds(20))
        #expect(mixed.percentile95 == .milliseconds(400))
    }

    @Test func oneSlowAnswerInThirtyTwoIsNoRule() {
        let samples = (0..<32).map { $0 == 5 ? UInt64(400) : 20 }
        let mixed = estimate(milliseconds: samples)
        #expect(mixed.percentile95 == .milliseconds(20))
    }

    @Test func oldAnswersAreForgotten() {
        let samples = Array(repeating: UInt64(500), count: 40) + Array(repeating: 10, count: 32)
        let latest = estimate(milliseconds: samples)
        #expect(latest.median == .milliseconds(10))
        #expect(latest.percentile95 == .milliseconds(10))
    }

    @Test func resettingForgetsAll() {
        var some = estimate(milliseconds: [9, 9, 9, 9, 9, 9, 9, 9])
        some.reset()
        #expect(!some.isKnown)
        #expect(some.percentile95 == .zero)
    }

    @Test func aTimeBeyondCountingIsTheLongest() {
        var estimate = RoundTripEstimate()
        for _ in 0..<8 { estimate.add(.seconds(1_000_000)) }
        #expect(estimate.median == Interval(microseconds: UInt64(UInt32.max)))
    }
}
