internal import NetAddress

extension ValueFormat where Value == Interval {
    /// A time span of systemd.time(7) in `range`: `4.5s`, `1min 30s`, `100ms`; seconds without
    /// unit.
    ///
    /// `reason` says why the range is what it is.
    static func duration(_ range: ClosedRange<Interval>, because reason: String) -> Self {
        ValueFormat(name: "duration") { text throws(ValueProblem) in
            guard let value = DurationText.read(text) else {
                throw ValueProblem(
                    message: "expected a time span, found \(text.quoted)",
                    hint: "like '4.5s', '100ms' or '1min 30s'")
            }
            guard range.contains(value) else {
                let bounds = [range.lowerBound, range.upperBound].map(DurationText.write)
                throw ValueProblem(
                    message: "expected \(bounds[0]) to \(bounds[1]), found \(text.quoted)",
                    hint: reason)
            }
            return value
        } write: {
            DurationText.write($0)
        }
    }
}

/// The text of time spans.
enum DurationText {
    private static let units: [(names: [String], microseconds: UInt64)] = [
        (["us", "usec", "µs", "μs"], 1),
        (["ms", "msec"], 1000),
        (["", "s", "sec", "second", "seconds"], 1_000_000),
        (["m", "min", "minute", "minutes"], 60_000_000),
        (["h", "hr", "hour", "hours"], 3_600_000_000),
        (["d", "day", "days"], 86_400_000_000),
        (["w", "week", "weeks"], 604_800_000_000),
    ]

    /// The sum of numbers with units; `nil` for anything else and for what does not fit.
    static func read(_ text: String) -> Interval? {
        var sum: UInt64 = 0
        var rest = text[...].drop(while: isBlank)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest[number.endIndex...].drop(while: isBlank)
            let name = rest.prefix { $0.isLetter }
            rest = rest[name.endIndex...].drop(while: isBlank)
            guard let unit = units.first(where: { $0.names.contains(String(name)) }),
                let part = microseconds(number, unit: unit.microseconds)
            else { return nil }
            let (total, overflow) = sum.addingReportingOverflow(part)
            guard !overflow else { return nil }
            sum = total
        }
        return Interval(microseconds: sum)
    }

    /// The shortest usual form: `0s`, `100ms`, `4.5s`, `1min 30s`, `1d`.
    static func write(_ interval: Interval) -> String {
        var rest = interval.microseconds
        if rest == 0 { return "0s" }
        var parts: [String] = []
        for (name, size) in [("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000)]
            as [(String, UInt64)] where rest >= size
        {
            parts.append("\(rest / size)\(name)")
            rest %= size
        }
        if rest > 0 { parts.append(writeBelowMinute(rest)) }
        return parts.joined(separator: " ")
    }

    private static func writeBelowMinute(_ microseconds: UInt64) -> String {
        guard microseconds.isMultiple(of: 1000) else { return "\(microseconds)us" }
        let milliseconds = microseconds / 1000
        guard milliseconds >= 1000 else { return "\(milliseconds)ms" }
        var fraction = String(milliseconds % 1000 + 1000).dropFirst()
        while fraction.last == "0" { fraction.removeLast() }
        return "\(milliseconds / 1000)" + (fraction.isEmpty ? "s" : ".\(fraction)s")
    }

    private static func isBlank(_ character: Character) -> Bool {
        character == " " || character == "\t"
    }

    /// `4.5` of a unit in microseconds; digits below a microsecond do not count.
    private static func microseconds(_ number: Substring, unit: UInt64) -> UInt64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy(\.isDigits), let first = parts.first,
            let whole = UInt64(first)
        else { return nil }
        var (sum, overflow) = whole.multipliedReportingOverflow(by: unit)
        var digitUnit = unit
        for digit in parts.dropFirst().first ?? "" {
            digitUnit /= 10
            let part = digitUnit * UInt64(digit.wholeNumberValue ?? 0)
            let (total, overflowed) = sum.addingReportingOverflow(part)
            sum = total
            overflow = overflow || overflowed
        }
        return overflow ? nil : sum
    }
}
