public import NetAddress

/// One timer for each index of a table, scheduled and cancelled in constant time.
///
/// Timers fire up to one tick late and never early; a time beyond the horizon fires at the
/// horizon, where its owner schedules it again.
public struct TimerWheel: ~Copyable {
    /// The length of a tick: the precision of every timer.
    public static let tick = Interval.milliseconds(4)
    private static let bucketCount = 2048
    private static let none: UInt32 = .max

    /// The farthest time ahead that can be scheduled, 8.2 s: beyond every deadline of a query.
    public static let horizon = Interval(
        microseconds: tick.microseconds * UInt64(bucketCount - 2))

    // Invariants:
    //   every scheduled index is in exactly one bucket's ring, the bucket of its due tick
    //   bit b of `occupied` is set when bucket b is not empty
    //   due ticks lie in (currentTick, currentTick + bucketCount)
    private var heads: FixedArray<UInt32>
    private var occupied: FixedArray<UInt64>
    private var next: FixedArray<UInt32>
    private var previous: FixedArray<UInt32>
    /// The bucket of each index plus one, zero while it is not scheduled.
    private var bucketOf: FixedArray<UInt16>
    /// Every tick up to and including this one has been emptied.
    private var currentTick: UInt64
    public private(set) var count = 0

    /// Makes a wheel for indices below `capacity`, starting at `now`.
    public init(capacity: Int, now: Instant) {
        heads = FixedArray(repeating: Self.none, count: Self.bucketCount)
        occupied = FixedArray(repeating: 0, count: Self.bucketCount / 64)
        next = FixedArray(repeating: Self.none, count: capacity)
        previous = FixedArray(repeating: Self.none, count: capacity)
        bucketOf = FixedArray(repeating: 0, count: capacity)
        currentTick = now.microseconds / Self.tick.microseconds
    }

    /// Sets the timer of `index` to `time`, whatever it was set to before.
    public mutating func schedule(_ index: Int, at time: Instant, now: Instant) {
        cancel(index)
        if count == 0 { currentTick = max(currentTick, now.microseconds / Self.tick.microseconds) }
        let ticks = Self.tick.microseconds
        let wanted = time.microseconds / ticks + (time.microseconds % ticks == 0 ? 0 : 1)
        if wanted &- min(wanted, currentTick) >= UInt64(Self.bucketCount) {
            skipEmptyTicks(to: now.microseconds / ticks)
        }
        let latest = currentTick &+ UInt64(Self.bucketCount - 1)
        let due = min(max(wanted, currentTick &+ 1), latest)
        link(index, bucket: Int(due % UInt64(Self.bucketCount)))
    }

    /// Stops the timer of `index`, if it runs.
    public mutating func cancel(_ index: Int) {
        guard bucketOf[index] != 0 else { return }
        unlink(index)
    }

    /// Takes one index whose time has come by `now`, in order of time.
    public mutating func popExpired(now: Instant) -> Int? {
        let target = now.microseconds / Self.tick.microseconds
        guard let tick = earliestTick, tick <= target else {
            if target > currentTick { currentTick = target }
            return nil
        }
        // Everything before the earliest tick is empty.
        currentTick = max(currentTick, tick &- 1)
        let index = Int(heads[Int(tick % UInt64(Self.bucketCount))])
        unlink(index)
        return index
    }

    /// When the earliest timer is due, or `nil` when none runs.
    public var earliest: Instant? {
        earliestTick.map { Instant(microseconds: $0 &* Self.tick.microseconds) }
    }

    /// Moves on to `tick`, or to the one before the earliest timer, so that the wheel reaches as
    /// far ahead as it can.
    private mutating func skipEmptyTicks(to tick: UInt64) {
        let last = earliestTick.map { min(tick, $0 &- 1) } ?? tick
        currentTick = max(currentTick, last)
    }

    private var earliestTick: UInt64? {
        guard count > 0 else { return nil }
        let start = Int((currentTick &+ 1) % UInt64(Self.bucketCount))
        let words = occupied.count
        // One word more than there are: the first is looked at from `start` up, then from 0.
        for step in 0...words {
            let word = (start / 64 + step) % words
            var bits = occupied[word]
            if step == 0 { bits &= ~0 << UInt64(start % 64) }
            guard bits != 0 else { continue }
            let bucket = word * 64 + bits.trailingZeroBitCount
            let ahead = (bucket - start + Self.bucketCount) % Self.bucketCount
            return currentTick &+ 1 &+ UInt64(ahead)
        }
        return nil
    }

    private mutating func link(_ index: Int, bucket: Int) {
        let node = UInt32(index)
        let head = heads[bucket]
        if head == Self.none {
            next[index] = node
            previous[index] = node
            heads[bucket] = node
            occupied[bucket / 64] |= 1 << UInt64(bucket % 64)
        } else {
            let tail = previous[Int(head)]
            next[Int(tail)] = node
            previous[index] = tail
            next[index] = head
            previous[Int(head)] = node
        }
        bucketOf[index] = UInt16(bucket + 1)
        count &+= 1
    }

    private mutating func unlink(_ index: Int) {
        let bucket = Int(bucketOf[index]) - 1
        let after = next[index]
        if after == UInt32(index) {
            heads[bucket] = Self.none
            occupied[bucket / 64] &= ~(1 << UInt64(bucket % 64))
        } else {
            let before = previous[index]
            next[Int(before)] = after
            previous[Int(after)] = before
            if heads[bucket] == UInt32(index) { heads[bucket] = after }
        }
        bucketOf[index] = 0
        count &-= 1
    }
}
