/// Something that is done to every query, with all it needs at hand.
protocol Operation: ~Copyable {
    /// What it is called in tables and thresholds.
    var name: String { get }

    /// Does it `count` times and gives a number that depends on every result, so that nothing can
    /// be left out.
    mutating func run(_ count: Int) -> Int
}
