public import NetAddress

/// A metric with all its samples, as Prometheus counts (its "exposition formats").
public struct MetricFamily: Sendable {
    public enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    public let name: String
    public let kind: Kind
    /// What is counted, in a sentence without its full stop.
    public let help: String
    public var samples: [Sample]

    public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }

    /// One number, and which one it is.
    public struct Sample: Sendable {
        /// What follows the name of the family: `_bucket`, `_sum`, `_count`, or nothing.
        public let suffix: String
        public let labels: [(String, String)]
        public let value: Value

        public init(_ labels: [(String, String)] = [], _ value: Value, suffix: String = "") {
            self.suffix = suffix
            self.labels = labels
            self.value = value
        }
    }

    /// A number without the noise of binary fractions.
    public enum Value: Equatable, Sendable {
        case count(UInt64)
        /// Written in seconds.
        case duration(Interval)

        public var text: String {
            switch self {
            case .count(let count): "\(count)"
            case .duration(let interval): Decimal.seconds(interval)
            }
        }
    }
}

/// Numbers with a decimal point, without floating point.
public enum Decimal {
    /// Seconds with as many of six decimals as are needed.
    public static func seconds(_ interval: Interval) -> String {
        let rest = interval.microseconds % 1_000_000
        let whole = "\(interval.microseconds / 1_000_000)"
        guard rest > 0 else { return whole }
        let digits = String(rest)
        var fraction = String(repeating: "0", count: 6 - digits.count) + digits
        while fraction.last == "0" { fraction.removeLast() }
        return "\(whole).\(fraction)"
    }

    /// `part` of `whole` in percent with one decimal; zero of nothing.
    public static func percent(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "0.0" }
        guard part < whole else { return "100.0" }
        let (high, low) = part.multipliedFullWidth(by: 1000)
        let tenths = whole.dividingFullWidth((high, low)).quotient
        return "\(tenths / 10).\(tenths % 10)"
    }
}
