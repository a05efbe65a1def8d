import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolReconfigurationTests {
    @Test func keepsWhatIsKnownOfServersThatStay() throws {
        var rig = PoolRig(upstreams: 2)
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.configure([3, 1])
        let recipient = rig.pool.recipient(of: one.messageID, on: one.connection)
        let order = rig.pool.report.map(\.target)
        let health = rig.pool.report.map(\.health)
        #expect(recipient == .exchange(1))
        #expect(order == [PoolRig.target(3), PoolRig.target(1)])
        #expect(health == [.untried, .healthy])
    }

    @Test func otherTrustMakesAnotherUpstream() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.configure([1], trust: 2)
        let two = try rig.assigned(2)
        #expect(two.upstream != one.upstream)
        #expect(two.connection != one.connection)
        rig.answer(one)
        let closed = rig.closed
        #expect(closed == [one.connection])
        #expect(rig.pool.target(at: one.upstream) == nil)
    }

    @Test func aServerThatIsListedTwiceIsAskedOnce() {
        var rig = PoolRig()
        rig.configure([1, 2, 1])
        let servers = rig.pool.report.map(\.target)
        #expect(servers == [PoolRig.target(1), PoolRig.target(2)])
    }

    @Test func aRemovedServerThatComesBackKeepsItsOldConnection() throws {
        var rig = PoolRig(upstreams: 1)
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.configure([2])
        rig.configure([1])
        let two = try rig.assigned(2)
        #expect(two.upstream == one.upstream)
        #expect(two.connection != one.connection)
        rig.answer(one)
        let known = rig.pool.target(at: two.upstream)
        #expect(known == PoolRig.target(1))
    }

    @Test func allServersAreReplacedByAsManyOthersWhileAllOweAnswers() throws {
        let count = Limits.upstreams
        var rig = PoolRig(upstreams: count)
        var tried: Set<Int> = []
        for exchange in 0..<count {
            let assignment = try rig.assigned(UInt16(exchange), tried: tried)
            rig.connect(assignment.connection)
            tried.insert(assignment.upstream)
        }
        let others = (count + 1)...(count * 2)
        rig.configure(Array(others))
        let servers = rig.pool.report.map(\.target)
        #expect(servers == others.map(PoolRig.target))
    }
}
