import NetAddress
import Testing

@testable import Daemon

@Suite struct NetworkChangesTests {
    private let start = Instant(microseconds: 1_000_000)

    @Test func whatChangesTogetherIsToldOnce() {
        var changes = NetworkChanges()
        let first = changes.changed(now: start)
        let second = changes.changed(now: start + .milliseconds(50))
        changes.told()
        let third = changes.changed(now: start + .milliseconds(200))
        #expect(first == start + .milliseconds(100))
        #expect(second == nil)
        #expect(third == start + .milliseconds(300))
    }

    @Test func changesWithoutEndAreToldTwiceAMinute() {
        var changes = NetworkChanges()
        var tellings = 0
        var now = start
        let end = start + .seconds(3600)
        while now < end {
            guard let due = changes.changed(now: now) else { break }
            tellings += 1
            changes.told()
            now = due
        }
        #expect(tellings >= 120)
        #expect(tellings <= 131)
    }

    @Test func aLinkThatComesAndGoesIsToldAtOnce() {
        var changes = NetworkChanges()
        for minute in 0..<60 {
            for moment in [UInt64(0), 5, 6] {
                let now = start + .seconds(UInt64(minute) * 120 + moment)
                let due = changes.changed(now: now)
                changes.told()
                #expect(due == now + DaemonLimits.networkGathering)
            }
        }
    }
}
