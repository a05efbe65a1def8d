import Testing

@testable import TLS

@Suite struct CalendarDateTests {
    @Test(
        arguments: [
            (0, "1970-01-01"), (86_399, "1970-01-01"), (86_400, "1970-01-02"), (-1, "1969-12-31"),
            (951_782_400, "2000-02-29"), (951_868_800, "2000-03-01"), (1_767_312_000, "2026-01-02"),
            (4_107_542_400, "2100-03-01"), (253_402_300_799, "9999-12-31"),
        ] as [(Int64, String)])
    func words(_ seconds: Int64, _ words: String) {
        #expect(CalendarDate(secondsSinceEpoch: seconds).description == words)
    }
}
