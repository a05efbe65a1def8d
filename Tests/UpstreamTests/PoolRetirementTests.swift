import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolRetirementTests {
    @Test func aConnectionGivesOutEachIDOnceAndThenRetires() throws {
        var rig = PoolRig()
        let first = try rig.assigned(0)
        rig.connect(first.connection)
        rig.answer(first)
        var ids: Set<UInt16> = [first.messageID]
        for _ in 1..<Limits.idsPerConnection {
            let next = try rig.assigned(0)
            ids.insert(next.messageID)
            rig.answer(next)
        }
        let opened = rig.openCount
        #expect(ids.count == Int(Limits.idsPerConnection))
        #expect(opened == 1)
        let other = try rig.assigned(0)
        let closed = rig.closed
        #expect(other.connection != first.connection)
        #expect(closed == [first.connection])
    }

    /// The last id falls on an entry in use: the connection is worn, the query is not lost.
    @Test func anExchangeThatFindsNoIDLeftGoesToTheNextConnection() throws {
        var rig = PoolRig()
        let first = try rig.assigned(0)
        rig.connect(first.connection)
        // The last position and this one share an entry.
        let shared = (Limits.idsPerConnection - 1) % UInt32(Limits.inFlight)
        rig.pool.connections[0].nextPosition = shared
        let blocker = try rig.assigned(1)
        rig.pool.connections[0].nextPosition = Limits.idsPerConnection - 1
        let next = try rig.assigned(2)
        #expect(blocker.connection == first.connection)
        #expect(next.connection != first.connection)
    }

    @Test func aThousandMissingAnswersRetireAConnection() throws {
        var rig = PoolRig()
        let first = try rig.assigned(0)
        rig.connect(first.connection)
        rig.abandon(first)
        for _ in 1..<Limits.abandonedPerConnection {
            let next = try rig.assigned(0)
            #expect(next.connection == first.connection)
            rig.abandon(next)
        }
        let other = try rig.assigned(0)
        let closed = rig.closed
        #expect(other.connection != first.connection)
        #expect(closed == [first.connection])
    }

    @Test func aRetiredConnectionClosesWithItsLastAnswer() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        let two = try rig.assigned(2)
        rig.connect(one.connection)
        rig.pool.drain(now: rig.now)
        rig.answer(one)
        let early = rig.closed
        rig.abandon(two)
        let closed = rig.closed
        #expect(early == [])
        #expect(closed == [one.connection])
    }

    @Test func aConnectionWithEveryEntryInUseTakesNoMore() throws {
        var rig = PoolRig()
        rig.set(GroupSettings(maximumConnections: 1))
        let first = try rig.assigned(0)
        rig.connect(first.connection)
        for exchange in 1..<UInt16(Limits.inFlight) {
            _ = try rig.assigned(exchange)
        }
        let none = rig.assign(5000)
        #expect(none == nil)
        rig.answer(first)
        let again = rig.assign(5000)
        #expect(again?.connection == first.connection)
    }
}
