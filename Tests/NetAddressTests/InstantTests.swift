import NetAddress
import Testing

@Suite struct InstantTests {
    private let start = Instant(microseconds: 1_000_000)

    @Test func goesForward() {
        #expect((start + .seconds(1)).microseconds == 2_000_000)
        #expect(start < start + .milliseconds(1))
        #expect(start + .seconds(1) - start == .seconds(1))
    }

    @Test func differencesAreNeverNegative() {
        #expect(start - (start + .seconds(1)) == .zero)
        #expect(start - start == .zero)
    }

    @Test func staysAtTheEndOfTime() {
        #expect(start + Interval(microseconds: .max) == .distantFuture)
        #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
        #expect(Instant.distantFuture - start == Interval(microseconds: .max - 1_000_000))
    }
}
