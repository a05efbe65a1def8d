import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolHealthTests {
    @Test func aFailedUpstreamIsLeftAloneForItsPause() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        _ = rig.lose(one.connection, .verification)
        let during = rig.assign(2)
        _ = rig.advance(milliseconds: 252)
        let after = rig.assign(3)
        let opened = rig.openCount
        #expect(during == nil)
        #expect(after != nil)
        #expect(opened == 2)
    }

    @Test func ordersByPreferenceAndPassesOverWhatWasTried() throws {
        var rig = PoolRig(upstreams: 3)
        let first = try rig.assigned(1)
        let second = try rig.assigned(2, tried: [first.upstream])
        let third = try rig.assigned(3, tried: [first.upstream, second.upstream])
        let none = rig.assign(4, tried: [0, 1, 2])
        #expect([first.upstream, second.upstream, third.upstream] == [0, 1, 2])
        #expect(none == nil)
    }

    @Test func aHandshakeEndsAfterTwoSeconds() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        let early = rig.advance(milliseconds: 1999)
        let late = rig.advance(milliseconds: 5)
        let report = rig.pool.report
        #expect(early == [])
        #expect(late == [one.connection])
        #expect(report.map(\.health) == [.down])
        #expect(report.map(\.lastFailure) == [.timedOut])
    }

    @Test func aCloseIsHeldAgainstAServerOnlyWhileItOwesItsFirstAnswer() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.answer(one)
        _ = try rig.assigned(2)
        let orphans = rig.lose(one.connection, .closed)
        let afterAnswers = rig.pool.report.map(\.health)
        let two = try rig.assigned(2)
        rig.connect(two.connection)
        _ = rig.lose(two.connection, .closed)
        let beforeAnswers = rig.pool.report.map(\.health)
        #expect(orphans == [2])
        #expect(afterAnswers == [.healthy])
        #expect(beforeAnswers == [.down])
    }

    @Test func changesOfHealthAreCountedOnce() throws {
        var rig = PoolRig()
        let start = rig.pool.healthChanges
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.connect(one.connection)
        let healthy = rig.pool.healthChanges
        _ = rig.lose(one.connection, .misbehaved)
        let down = rig.pool.healthChanges
        #expect(healthy == start + 1)
        #expect(down > healthy)
    }

    @Test func figuresCountWhatWasAskedAndWhatCameOfIt() throws {
        var rig = PoolRig()
        let untried = rig.pool.report.map(\.standing)
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.answer(one, roundTrip: .milliseconds(20))
        let two = try rig.assigned(2)
        let healthy = rig.pool.report.map(\.standing)
        _ = rig.advance(milliseconds: 1010)
        let suspect = rig.pool.report.map(\.standing)
        _ = rig.lose(two.connection, .misbehaved)
        let down = rig.pool.report.map(\.standing)
        _ = rig.assign(3)
        _ = rig.advance(milliseconds: 500)
        let probing = rig.pool.report.map(\.standing)
        let figures = try #require(rig.pool.report.first?.figures)
        #expect(untried + healthy + suspect == [.untried, .healthy, .suspect])
        #expect(down + probing == [.down, .probing])
        #expect([figures.queries, figures.answers, figures.failures] == [2, 1, 1])
        #expect(figures.connections == 1)
        #expect(figures.median == .milliseconds(20))
    }

    @Test func idleConnectionsCloseAfterTheTimeTheServerAllows() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        rig.answer(one, idleTimeout: .seconds(20))
        _ = rig.advance(milliseconds: 19_990)
        let early = rig.closed
        _ = rig.advance(milliseconds: 20)
        let closed = rig.closed
        #expect(early == [])
        #expect(closed == [one.connection])
    }

    @Test func aConnectionThatOwesAnAnswerIsNotIdle() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        rig.connect(one.connection)
        _ = rig.advance(milliseconds: 60_000)
        let closed = rig.closed
        #expect(closed == [])
    }
}
