import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolTests {
    @Test func queriesShareOneConnectionAndGetIDsOfTheirOwn() throws {
        var rig = PoolRig(upstreams: 2)
        let first = try rig.assigned(10)
        let second = try rig.assigned(11)
        let opened = rig.openCount
        #expect(first.connection == second.connection)
        #expect(first.messageID != second.messageID)
        #expect(!first.isReady)
        #expect(opened == 1)
        rig.connect(first.connection)
        let third = try rig.assigned(12)
        #expect(third.isReady)
    }

    @Test func waitingExchangesComeOldestFirstWithTheirIDs() throws {
        var rig = PoolRig()
        let first = try rig.assigned(20)
        let gone = try rig.assigned(21)
        let last = try rig.assigned(22)
        rig.abandon(gone)
        rig.connect(first.connection)
        var position: UInt32 = 0
        var waiting: [UInt16] = []
        var ids: [UInt16] = []
        while let next = rig.pool.nextWaiting(on: first.connection, from: &position) {
            waiting.append(next.exchange)
            ids.append(next.messageID)
        }
        #expect(waiting == [20, 22])
        #expect(ids == [first.messageID, last.messageID])
    }

    @Test func anIDLeadsToItsExchangeUntilItIsAnsweredOrAbandoned() throws {
        var rig = PoolRig()
        let one = try rig.assigned(30)
        let two = try rig.assigned(31)
        rig.connect(one.connection)
        let known = rig.pool.recipient(of: one.messageID, on: one.connection)
        rig.answer(one)
        let answered = rig.pool.recipient(of: one.messageID, on: one.connection)
        rig.abandon(two)
        let abandoned = rig.pool.recipient(of: two.messageID, on: two.connection)
        rig.pool.answeredLate(two.messageID, on: two.connection, now: rig.now)
        let late = rig.pool.recipient(of: two.messageID, on: two.connection)
        let isIdle = rig.pool.isIdle
        #expect(known == .exchange(30))
        #expect(answered == .unsolicited)
        #expect(abandoned == .nobody)
        #expect(late == .unsolicited)
        #expect(isIdle)
    }

    @Test func theKeepaliveOptionIsTakenOncePerConnection() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        let taken = [
            rig.pool.takesKeepalive(one.connection), rig.pool.takesKeepalive(one.connection),
        ]
        #expect(taken == [true, false])
    }

    @Test func aHundredUnsolicitedMessagesAreTooMany() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        var verdicts: [Bool] = []
        for _ in 0..<100 {
            verdicts.append(rig.pool.receivedUnsolicited(on: one.connection, now: rig.now))
        }
        #expect(verdicts.firstIndex(of: true) == 99)
    }

    @Test func aGoodAnswerMakesUpForUnsolicitedMessages() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        let two = try rig.assigned(2)
        var verdicts: [Bool] = []
        for _ in 0..<99 {
            verdicts.append(rig.pool.receivedUnsolicited(on: one.connection, now: rig.now))
        }
        rig.answer(two)
        for _ in 0..<99 {
            verdicts.append(rig.pool.receivedUnsolicited(on: one.connection, now: rig.now))
        }
        #expect(!verdicts.contains(true))
    }

    @Test func everythingAboutAGoneConnectionIsHarmless() throws {
        var rig = PoolRig()
        let one = try rig.assigned(1)
        let orphans = rig.lose(one.connection, .refused)
        let before = rig.done.count
        rig.connect(one.connection)
        rig.answer(one)
        rig.abandon(one)
        rig.pool.answeredLate(one.messageID, on: one.connection, now: rig.now)
        rig.pool.forget(one.connection)
        let again = rig.lose(one.connection, .closed)
        let recipient = rig.pool.recipient(of: one.messageID, on: one.connection)
        let upstream = rig.pool.upstream(of: one.connection)
        let after = rig.done.count
        #expect(orphans == [1])
        #expect(again == [])
        #expect(recipient == .nobody)
        #expect(upstream == nil)
        #expect(before == after)
    }
}
