internal import NetAddress
internal import Synchronization

/// Whether upstreams answer at all, as all workers have seen it together.
///
/// A question that was not answered in time says something about the question while others are
/// answered, and about the upstreams otherwise. What is remembered of it in the second case must
/// not outlive the outage: it carries the epoch it was stored under, and the first answer that
/// comes after an outage, of whatever question and to whatever worker, begins another one.
struct OutageMemory: ~Copyable, Sendable {
    /// Answers come by the thousands, and one word that all workers wrote to would slow them down.
    private static let granularity = Interval.milliseconds(8)

    private let currentEpoch = Atomic<UInt16>(0)
    private let isOut = Atomic<Bool>(false)
    /// When a good answer came last, in microseconds, as exact as `granularity`.
    private let lastAnswer = Atomic<UInt64>(0)

    /// Changes when an outage ends.
    var epoch: UInt16 { currentEpoch.load(ordering: .relaxed) }

    /// Notes that an upstream has given a good answer.
    func answered(now: Instant) {
        let last = Instant(microseconds: lastAnswer.load(ordering: .relaxed))
        if now - last >= Self.granularity {
            lastAnswer.store(now.microseconds, ordering: .relaxed)
        }
        // Looked at before it is changed: nearly always there is nothing to change.
        if isOut.load(ordering: .relaxed), isOut.exchange(false, ordering: .relaxed) {
            currentEpoch.add(1, ordering: .relaxed)
        }
    }

    /// Notes that a question asked at `start` has not been answered in time.
    func expired(askedAt start: Instant) {
        if lastAnswer.load(ordering: .relaxed) <= start.microseconds {
            isOut.store(true, ordering: .relaxed)
        }
    }
}
