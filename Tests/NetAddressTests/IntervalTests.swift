import NetAddress
import Testing

@Suite struct IntervalTests {
    private let largest = Interval(microseconds: .max)

    @Test func countsMicroseconds() {
        #expect(Interval.milliseconds(4500).microseconds == 4_500_000)
        #expect(Interval.seconds(2) == .milliseconds(2000))
        #expect(Interval.zero.microseconds == 0)
        #expect(Interval.milliseconds(1) < .milliseconds(2))
    }

    @Test func addsMultipliesAndDivides() {
        #expect(Interval.seconds(1) + .milliseconds(500) == .milliseconds(1500))
        #expect(Interval.milliseconds(10) * 3 == .milliseconds(30))
        #expect(Interval.milliseconds(10) / 4 == Interval(microseconds: 2500))
        #expect(Interval.seconds(1) * 0 == .zero)
    }

    @Test func staysAtTheLargest() {
        #expect(largest + Interval(microseconds: 1) == largest)
        #expect(largest + largest == largest)
        #expect(largest * 2 == largest)
        #expect(Interval(microseconds: 1 << 33) * (1 << 33) == largest)
        #expect(Interval.milliseconds(.max) == largest)
        #expect(Interval.seconds(.max / 1000) == largest)
        #expect(largest + .zero == largest)
        #expect(largest / 1 == largest)
    }
}
