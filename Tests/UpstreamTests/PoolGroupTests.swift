import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolGroupTests {
    private let other = GroupID(1)

    private func rig(
        _ main: [Int], _ others: [Int], settings: GroupSettings = GroupSettings()
    ) -> PoolRig {
        var rig = PoolRig(upstreams: 0)
        rig.configure([
            UpstreamGroup(.main, servers: main.map(PoolRig.server)),
            UpstreamGroup(other, servers: others.map(PoolRig.server), settings: settings),
        ])
        return rig
    }

    @Test func aQuestionOfOneGroupIsNeverPutToAnother() throws {
        var rig = rig([1, 2], [3])
        let three = try rig.assigned(1, of: other)
        #expect(rig.pool.target(at: three.upstream) == PoolRig.target(3))
        _ = rig.lose(three.connection, .refused)
        let none = rig.assign(2, of: other)
        #expect(none == nil)
        let one = try rig.assigned(3, of: .main)
        #expect(rig.pool.target(at: one.upstream) == PoolRig.target(1))
        let blamed = rig.pool.downUpstream(of: other)
        let nobody = rig.pool.downUpstream(of: .main)
        #expect(blamed == three.upstream)
        #expect(nobody == nil)
    }

    @Test func aGroupWithoutServersTakesNothing() {
        var rig = rig([1], [])
        let none = rig.assign(1, of: other)
        let never = rig.assign(1, of: GroupID(7))
        #expect(none == nil)
        #expect(never == nil)
    }

    @Test func aServerOfTwoGroupsIsTwoUpstreams() throws {
        var rig = rig([1], [1])
        let one = try rig.assigned(1, of: .main)
        let two = try rig.assigned(2, of: other)
        #expect(one.upstream != two.upstream)
        _ = rig.lose(one.connection, .refused)
        let health = rig.pool.report.map(\.health)
        let groups = rig.pool.report.map(\.group)
        #expect(health == [.down, .untried])
        #expect(groups == [.main, other])
    }

    @Test func eachGroupHasItsOwnSettings() throws {
        var rig = rig([1, 2], [3, 4], settings: GroupSettings(policy: .hash, maximumInFlight: 1))
        let hashed = try rig.assigned(1, of: other, domain: 1)
        let ordered = try rig.assigned(2, of: .main, domain: 1)
        #expect(rig.pool.target(at: hashed.upstream) == PoolRig.target(4))
        #expect(rig.pool.target(at: ordered.upstream) == PoolRig.target(1))
        let second = try rig.assigned(3, of: other, domain: 1)
        let joined = try rig.assigned(4, of: .main, domain: 1)
        #expect(second.connection != hashed.connection)
        #expect(joined.connection == ordered.connection)
    }

    @Test func onlyTheGroupThatIsAskedIsProbed() throws {
        var rig = rig([1], [2])
        let one = try rig.assigned(1, of: .main)
        let two = try rig.assigned(2, of: other)
        _ = rig.lose(one.connection, .refused)
        _ = rig.lose(two.connection, .refused)
        rig.now = rig.now + Limits.probeInterest
        _ = rig.assign(3, of: other)
        rig.done.removeAll()
        _ = rig.advance(milliseconds: 1000)
        #expect(rig.opened.allSatisfy { $0 == two.upstream })
    }

    @Test func aChangedNetworkMakesOneConnectionForEachGroupInUse() throws {
        var rig = rig([1, 2], [3, 4])
        let three = try rig.assigned(1, of: other)
        rig.connect(three.connection)
        rig.now = rig.now + .seconds(40)
        _ = try rig.assigned(2, of: .main)
        rig.now = rig.now + .seconds(30)
        rig.done.removeAll()
        rig.pool.networkChanged(now: rig.now)
        rig.perform()
        #expect(rig.opened.map { rig.pool.target(at: $0) } == [PoolRig.target(1)])
    }

    @Test func aGroupThatIsGoneEndsItsConnections() throws {
        var rig = rig([1], [2])
        let two = try rig.assigned(1, of: other)
        rig.connect(two.connection)
        rig.configure([1])
        let none = rig.assign(2, of: other)
        #expect(none == nil)
        rig.answer(two)
        let closed = rig.closed
        #expect(closed == [two.connection])
    }

    @Test func allGroupsTogetherHaveRoomForSoManyServers() {
        let numbers = Array(1...Limits.upstreams)
        let rig = rig(Array(numbers.dropLast(2)), Array(numbers.suffix(2)) + [200])
        let servers = rig.pool.report.map(\.target)
        #expect(servers == numbers.map(PoolRig.target))
    }
}
