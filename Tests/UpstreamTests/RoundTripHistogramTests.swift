import NetAddress
import Testing

@testable import Upstream

@Suite struct RoundTripHistogramTests {
    @Test func everyTimeIsInTheFirstBucketThatTakesIt() {
        let times: [UInt64] = [0, 1, 1023, 1024, 1025, 2047, 2048, 4_194_304, 4_194_305, .max]
        for time in times {
            var histogram = RoundTripHistogram()
            histogram.add(Interval(microseconds: time))
            let bucket = (0..<RoundTripHistogram.buckets).first { histogram[$0] == 1 }
            let expected = (0..<RoundTripHistogram.buckets).first { place in
                RoundTripHistogram.bound(of: place).map { time <= $0.microseconds } ?? true
            }
            #expect(bucket == expected, "\(time)")
        }
    }

    @Test func histogramsAddUp() {
        var sum = RoundTripHistogram()
        var other = RoundTripHistogram()
        sum.add(.milliseconds(3))
        other.add(.milliseconds(3))
        other.add(.seconds(9))
        sum.add(other)
        #expect(sum[2] == 2)
        #expect(sum[RoundTripHistogram.buckets - 1] == 1)
        #expect(sum.sum == .milliseconds(9006))
    }
}
