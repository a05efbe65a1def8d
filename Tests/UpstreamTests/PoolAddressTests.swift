import NetAddress
import Testing

@testable import Upstream

@Suite struct PoolAddressTests {
    private static func address(_ number: Int) -> IPAddress {
        IPAddress(v4: 0xc633_6400 + UInt32(number))
    }

    private static func host() throws -> UpstreamHost {
        UpstreamHost(name: try #require(ServerName("dns.example")), port: 853)
    }

    /// A pool with one upstream that is known by name, and others behind it.
    private func rig(addresses: [Int], others: [Int] = []) throws -> PoolRig {
        var rig = PoolRig(upstreams: 0)
        let targets = [UpstreamTarget.host(try Self.host())] + others.map(PoolRig.target)
        rig.configure([UpstreamGroup(targets: targets)])
        try find(addresses, in: &rig)
        return rig
    }

    private func find(_ addresses: [Int], in rig: inout PoolRig) throws {
        rig.pool.found(addresses.map(Self.address), of: try Self.host(), now: rig.now)
        rig.perform()
    }

    @Test func aQuestionWaitsForTheFirstAddress() throws {
        var rig = try rig(addresses: [])
        let one = try rig.assigned(1)
        let opened = rig.openCount
        #expect(!one.isReady)
        #expect(opened == 0)
        try find([1, 2], in: &rig)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses == [Self.address(1)])
        rig.connect(one.connection)
        var position: UInt32 = 0
        let waiting = rig.pool.nextWaiting(on: one.connection, from: &position)
        #expect(waiting?.exchange == 1)
    }

    @Test func whoeverHasAnAddressIsAskedFirst() throws {
        var rig = try rig(addresses: [], others: [7])
        let one = try rig.assigned(1)
        #expect(rig.pool.target(at: one.upstream) == PoolRig.target(7))
    }

    @Test func withoutAnAddressItFailsAndIsLeftAlone() throws {
        var rig = try rig(addresses: [])
        let one = try rig.assigned(1)
        let waiting = rig.pool.nextWithoutAddress(of: try Self.host())
        #expect(waiting == one.connection)
        let orphans = rig.lose(one.connection, .unresolved)
        #expect(orphans == [1])
        let mayAskAgain = rig.mayAskAgain
        #expect(!mayAskAgain)
        let none = rig.assign(2)
        #expect(none == nil)
        let closed = rig.closed
        #expect(closed.isEmpty, "it was never opened")
        rig.now = rig.now + .milliseconds(500)
        try find([1], in: &rig)
        _ = try rig.assigned(3)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses == [Self.address(1)])
    }

    @Test func theNextAddressIsTriedBesideOneThatTakesLong() throws {
        var rig = try rig(addresses: [1, 2, 3])
        let one = try rig.assigned(1)
        _ = rig.advance(milliseconds: 249)
        let early = rig.contacted.count
        _ = rig.advance(milliseconds: 5)
        let addresses = rig.contacted.map(\.address)
        #expect(early == 1)
        #expect(addresses == [Self.address(1), Self.address(2)])
        let moved = rig.connect(rig.contacted[1].connection)
        let losers = rig.losers
        #expect(losers == [one.connection])
        #expect(moved == [1])
        let mayAskAgain = rig.mayAskAgain
        #expect(mayAskAgain)
        let again = try rig.assigned(1)
        let second = rig.contacted[1].connection
        #expect(again.connection == second)
        #expect(again.isReady)
    }

    @Test func theFirstMayStillWin() throws {
        var rig = try rig(addresses: [1, 2, 3])
        let one = try rig.assigned(1)
        _ = rig.advance(milliseconds: 510)
        let moved = rig.connect(one.connection)
        let losers = rig.losers
        #expect(moved.isEmpty)
        let others = rig.contacted.dropFirst().map(\.connection)
        #expect(losers == others)
        #expect(losers.count == 2)
    }

    @Test func afterAFailureTheNextIsTriedAtOnce() throws {
        var rig = try rig(addresses: [1, 2])
        let one = try rig.assigned(1)
        let orphans = rig.lose(one.connection, .refused)
        let addresses = rig.contacted.map(\.address)
        let health = rig.pool.report.map(\.health)
        #expect(orphans == [1])
        let mayAskAgain = rig.mayAskAgain
        #expect(mayAskAgain)
        #expect(addresses == [Self.address(1), Self.address(2)])
        #expect(health == [.untried])
        let again = try rig.assigned(1)
        let second = rig.contacted[1].connection
        #expect(again.connection == second)
    }

    @Test func aContestantThatFailsMakesRoomForTheNext() throws {
        var rig = try rig(addresses: [1, 2, 3])
        let one = try rig.assigned(1)
        _ = rig.advance(milliseconds: 254)
        _ = rig.lose(rig.contacted[1].connection, .verification)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses == [1, 2, 3].map(Self.address))
        rig.connect(rig.contacted[2].connection)
        let losers = rig.losers
        #expect(losers == [one.connection])
    }

    @Test func onlyWhenEveryAddressHasFailedHasTheUpstream() throws {
        var rig = try rig(addresses: [1, 2])
        let one = try rig.assigned(1)
        _ = rig.lose(one.connection, .handshake)
        _ = try rig.assigned(1)
        _ = rig.lose(rig.contacted[1].connection, .refused)
        let report = rig.pool.report
        let mayAskAgain = rig.mayAskAgain
        #expect(!mayAskAgain)
        #expect(report.map(\.health) == [.down])
        #expect(report.map(\.failureText) == ["198.51.100.2: refused"])
        let none = rig.assign(2)
        #expect(none == nil)
    }

    @Test func addressesThatConnectAndMisbehaveAreNotTriedInCircles() throws {
        var rig = try rig(addresses: [1, 2])
        for expected in [true, false] {
            let one = try rig.assigned(1)
            rig.connect(one.connection)
            _ = rig.lose(one.connection, .misbehaved)
            let mayAskAgain = rig.mayAskAgain
            #expect(mayAskAgain == expected)
        }
        let none = rig.assign(1)
        #expect(none == nil)
    }

    @Test func theWinnerIsRememberedUntilTheNetworkChanges() throws {
        var rig = try rig(addresses: [1, 2])
        let one = try rig.assigned(1)
        _ = rig.lose(one.connection, .refused)
        let two = try rig.assigned(1)
        rig.connect(two.connection)
        rig.answer(two)
        _ = rig.lose(two.connection, .closed)
        _ = try rig.assigned(2)
        let remembered = rig.contacted.last?.address
        #expect(remembered == Self.address(2))
        rig.now = rig.now + .seconds(1)
        rig.pool.networkChanged(now: rig.now)
        rig.perform()
        let anew = rig.contacted.last?.address
        #expect(anew == Self.address(1))
    }

    @Test func aSilentAddressIsNotTheNextToBeAsked() throws {
        let box = PoolRigBox()
        box.rig = try rig(addresses: [1, 2])
        let one = try box.rig.assigned(1)
        box.rig.connect(one.connection)
        _ = try box.rig.assigned(2)
        _ = box.rig.advance(milliseconds: 1010)
        _ = try box.rig.assigned(3)
        let addresses = box.rig.contacted.map(\.address)
        let suspects = box.rig.suspects
        #expect(suspects == [one.connection])
        #expect(addresses == [Self.address(1), Self.address(2)])
    }

    @Test func newAddressesLeaveConnectionsAndTheChoiceAlone() throws {
        var rig = try rig(addresses: [1, 2])
        let one = try rig.assigned(1)
        _ = rig.lose(one.connection, .refused)
        let two = try rig.assigned(1)
        rig.connect(two.connection)
        try find([3, 2, 4], in: &rig)
        let same = try rig.assigned(2)
        #expect(same.connection == two.connection)
        rig.answer(same)
        _ = rig.lose(two.connection, .closed)
        _ = try rig.assigned(3)
        let next = rig.contacted.last?.address
        #expect(next == Self.address(2))
        try find([], in: &rig)
        let report = rig.pool.report.map(\.name)
        #expect(report == ["dns.example:853 at 198.51.100.2"])
    }

    @Test func soManyAddressesAndNoMoreAreTriedAtOnce() throws {
        var rig = try rig(addresses: Array(1...20))
        _ = try rig.assigned(1)
        _ = rig.advance(milliseconds: 1990)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses == (1...Limits.addresses).map(Self.address))
    }

    @Test func drainingEndsEveryAttempt() throws {
        var rig = try rig(addresses: [1, 2])
        let one = try rig.assigned(1)
        _ = rig.advance(milliseconds: 254)
        rig.pool.drain(now: rig.now)
        rig.perform()
        let early = rig.closed
        let second = rig.contacted[1].connection
        #expect(early == [second])
        rig.connect(one.connection)
        rig.answer(one)
        let closed = rig.closed
        #expect(closed.last == one.connection)
    }
}
