public import NetAddress

/// A timer; dropping it disarms it, even amid a wake-up.
public final class TimerSource {
    private let loop: EventLoop
    private let slot: Int

    init(loop: EventLoop, slot: Int) {
        self.loop = loop
        self.slot = slot
    }

    deinit {
        loop.removeTimer(slot)
    }

    /// Has the timer fire once, at a time instead of any it was armed for.
    ///
    /// A time that has passed fires in the next wake-up, which then comes at once.
    public func arm(at deadline: Instant) {
        loop.armTimer(slot, at: deadline)
    }

    /// Has the timer not fire.
    public func disarm() {
        loop.disarmTimer(slot)
    }
}
