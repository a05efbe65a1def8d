internal import Collections
internal import NetAddress

/// A timer set and stopped again, as for every query that is answered in time.
struct SetTimer: Operation, ~Copyable {
    let name = "setting and stopping of a timer"
    private var now = Instant(microseconds: 1_000_000)
    private var wheel = TimerWheel(capacity: 4096, now: Instant(microseconds: 1_000_000))

    mutating func run(_ count: Int) -> Int {
        for number in 0..<count {
            now = now + Interval(microseconds: 20)
            let index = number & 4095
            wheel.schedule(index, at: now + .milliseconds(300), now: now)
            wheel.cancel(index)
        }
        return wheel.count
    }
}
