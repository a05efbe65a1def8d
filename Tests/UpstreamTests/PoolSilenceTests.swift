import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolSilenceTests {
    /// A rig whose upstream has given eight answers that took so long, and the connection.
    private func rig(roundTrip: Interval) throws(NoAssignment) -> (PoolRigBox, ConnectionID) {
        let box = PoolRigBox()
        let first = try box.rig.assigned(0)
        box.rig.connect(first.connection)
        box.rig.answer(first, roundTrip: roundTrip)
        for exchange in 1..<UInt16(8) {
            box.rig.answer(try box.rig.assigned(exchange), roundTrip: roundTrip)
        }
        return (box, first.connection)
    }

    @Test(arguments: [
        (Interval.milliseconds(10), UInt64(1000)), (.milliseconds(500), 2000), (.seconds(4), 3000),
    ]) func aConnectionMayBeQuietForFourRoundTripsWithinBounds(
        roundTrip: Interval, milliseconds: UInt64
    ) throws {
        let (box, connection) = try rig(roundTrip: roundTrip)
        _ = try box.rig.assigned(9)
        _ = box.rig.advance(milliseconds: milliseconds - 5)
        let early = box.rig.suspects
        _ = box.rig.advance(milliseconds: 10)
        let late = box.rig.suspects
        let other = try box.rig.assigned(10)
        #expect(early == [])
        #expect(late == [connection])
        #expect(other.connection != connection)
    }

    @Test func aSuspectThatAnswersTakesQueriesAgain() throws {
        let (box, connection) = try rig(roundTrip: .milliseconds(10))
        let asked = try box.rig.assigned(9)
        _ = box.rig.advance(milliseconds: 1010)
        box.rig.answer(asked)
        let next = try box.rig.assigned(10)
        let suspects = box.rig.suspects
        #expect(suspects == [connection])
        #expect(next.connection == connection)
    }

    @Test func silenceIsHeldAgainstAnUpstreamThatAnswersNowhere() throws {
        let (box, _) = try rig(roundTrip: .milliseconds(10))
        _ = box.rig.advance(milliseconds: 5)
        _ = try box.rig.assigned(9)
        _ = try box.rig.assigned(10)
        _ = box.rig.advance(milliseconds: 2010)
        let health = box.rig.pool.report.map(\.health)
        let failure = box.rig.pool.report.map(\.lastFailure)
        #expect(health == [.down])
        #expect(failure == [.silent])
    }

    @Test func oneHardQuestionIsNotHeldAgainstAnybody() throws {
        let (box, connection) = try rig(roundTrip: .milliseconds(10))
        let asked = try box.rig.assigned(9)
        _ = box.rig.advance(milliseconds: 4000)
        let health = box.rig.pool.report.map(\.health)
        let before = box.rig.closed
        box.rig.abandon(asked)
        _ = box.rig.advance(milliseconds: 2000)
        let after = box.rig.closed
        #expect(health == [.healthy])
        #expect(before == [])
        #expect(after == [connection])
    }

    @Test func whatIsRemovedClosesItsSuspectsAsWell() throws {
        let (box, connection) = try rig(roundTrip: .milliseconds(10))
        let asked = try box.rig.assigned(9)
        _ = box.rig.advance(milliseconds: 1010)
        box.rig.configure([7])
        box.rig.answer(asked)
        let closed = box.rig.closed
        #expect(closed == [connection])
    }

    @Test func drainingClosesBothConnections() throws {
        let box = PoolRigBox()
        box.rig.set(GroupSettings(maximumInFlight: 1))
        let one = try box.rig.assigned(1)
        box.rig.connect(one.connection)
        let two = try box.rig.assigned(2)
        box.rig.connect(two.connection)
        box.rig.answer(one)
        box.rig.answer(two)
        box.rig.pool.drain(now: box.rig.now)
        box.rig.perform()
        let closed = box.rig.closed.count
        #expect(one.connection != two.connection)
        #expect(closed == 2)
    }

    @Test func aChangeOfTheNetworkMakesEveryConnectionSuspect() throws {
        let (box, connection) = try rig(roundTrip: .milliseconds(10))
        _ = try box.rig.assigned(9)
        _ = box.rig.advance(milliseconds: 10)
        box.rig.pool.networkChanged(now: box.rig.now)
        var place = 0
        let suspect = box.rig.pool.nextSuspect(from: &place, now: box.rig.now)
        let another = box.rig.pool.nextSuspect(from: &place, now: box.rig.now)
        let next = try box.rig.assigned(10)
        let patience = box.rig.pool.patience(with: 0)
        #expect(suspect == connection)
        #expect(another == nil)
        #expect(next.connection != connection)
        #expect(patience == .milliseconds(250))
    }
}

/// Holds a rig, so that expectations can read it.
final class PoolRigBox {
    var rig = PoolRig()
}
