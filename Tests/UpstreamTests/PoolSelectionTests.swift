import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolSelectionTests {
    /// Gives the upstream at `place` eight answers that took so long.
    private func teach(
        _ rig: inout PoolRig, _ place: Int, roundTrip: Interval
    ) throws(NoAssignment) {
        let others = Set(0..<rig.pool.upstreamCount(of: .main)).subtracting([place])
        for exchange in 0..<UInt16(8) {
            let assignment = try rig.assigned(exchange, tried: others)
            rig.connect(assignment.connection)
            rig.answer(assignment, roundTrip: roundTrip)
        }
    }

    @Test func patienceIsWhatNearlyAllAnswersTakeWithinBounds() throws {
        var rig = PoolRig(upstreams: 3)
        let unknown = rig.pool.patience(with: 0)
        try teach(&rig, 0, roundTrip: .milliseconds(5))
        try teach(&rig, 1, roundTrip: .milliseconds(120))
        try teach(&rig, 2, roundTrip: .seconds(3))
        let patiences = (0..<3).map { rig.pool.patience(with: $0) }
        #expect(unknown == .milliseconds(250))
        #expect(patiences == [.milliseconds(50), .milliseconds(120), .seconds(1)])
    }

    @Test func balancePrefersTheFasterAndUsesBoth() throws {
        var rig = PoolRig(upstreams: 2)
        try teach(&rig, 0, roundTrip: .milliseconds(100))
        try teach(&rig, 1, roundTrip: .milliseconds(10))
        rig.set(GroupSettings(policy: .balance))
        var chosen = [0, 0]
        for exchange in 0..<UInt16(200) {
            let assignment = try rig.assigned(exchange)
            chosen[assignment.upstream] += 1
            rig.answer(assignment, roundTrip: .milliseconds(assignment.upstream == 0 ? 100 : 10))
        }
        #expect(chosen[1] > 120)
        #expect(chosen[0] > 20)
    }

    @Test func hashLeavesAnUpstreamThatIsDown() throws {
        var rig = PoolRig(upstreams: 2)
        rig.set(GroupSettings(policy: .hash))
        let first = try rig.assigned(1, domain: 1)
        _ = rig.lose(first.connection, .refused)
        let second = rig.assign(2, domain: 1)
        #expect(first.upstream == 1)
        #expect(second?.upstream == 0)
    }
}
