internal import NetAddress

/// What is known of how long an upstream takes to answer: its last answers, in order of arrival.
struct RoundTripEstimate: BitwiseCopyable {
    private static let capacity = 32
    /// The quantiles are found anew after so many answers, at first after each.
    private static let interval = 8

    private var samples = InlineArray<32, UInt32>(repeating: 0)
    private var count = 0
    private var next = 0
    private var untilUpdate = 1
    /// Half of the last answers came within this.
    private(set) var median = Interval.zero
    /// Nineteen of twenty came within this.
    private(set) var percentile95 = Interval.zero

    init() {}

    /// Whether enough answers have come to say something about the next one.
    var isKnown: Bool { count >= Self.interval }

    mutating func add(_ roundTrip: Interval) {
        samples[next] = UInt32(clamping: roundTrip.microseconds)
        next = (next + 1) % Self.capacity
        count = min(count + 1, Self.capacity)
        untilUpdate -= 1
        guard untilUpdate == 0 else { return }
        untilUpdate = isKnown ? Self.interval : 1
        update()
    }

    /// Forgets everything: the network is another one.
    mutating func reset() { self = RoundTripEstimate() }

    private mutating func update() {
        var sorted = samples
        // Insertion sort of at most 32 numbers, mostly sorted by luck or not, once in 8 answers.
        for place in 1..<max(count, 2) where place < count {
            let sample = sorted[place]
            var gap = place
            while gap > 0, sorted[gap - 1] > sample {
                sorted[gap] = sorted[gap - 1]
                gap -= 1
            }
            sorted[gap] = sample
        }
        median = Interval(microseconds: UInt64(sorted[count / 2]))
        percentile95 = Interval(microseconds: UInt64(sorted[(count * 19) / 20]))
    }
}
