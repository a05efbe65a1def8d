/// A day of the proleptic Gregorian calendar in UTC, for words about certificates.
struct CalendarDate: Equatable, CustomStringConvertible {
    let year: Int64
    let month: Int64
    let day: Int64

    /// The day of a time in seconds since 1970.
    ///
    /// Years are counted from March, so that the leap day is the last of its year, in cycles of 400
    /// years of 146,097 days.
    init(secondsSinceEpoch seconds: Int64) {
        let marchFirstOfYearZero: Int64 = 719_468
        let days = Self.flooredQuotient(seconds, 86_400) + marchFirstOfYearZero
        let cycle = Self.flooredQuotient(days, 146_097)
        let dayOfCycle = days - cycle * 146_097
        let yearOfCycle =
            (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        // Months from March follow the pattern 31 30 31 30 31, which 153 days per five months fit.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2026-01-02`.
    var description: String {
        "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
    }

    private static func flooredQuotient(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - (divisor - 1)) / divisor
    }

    private static func padded(_ value: Int64, to width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
