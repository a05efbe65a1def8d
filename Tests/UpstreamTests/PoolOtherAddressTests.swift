import NetAddress
import Testing

@testable import Upstream

/// Late answers that are asked for at another address of the same upstream.
@Suite struct PoolOtherAddressTests {
    private static func address(_ number: Int) -> IPAddress {
        IPAddress(v4: 0xc633_6400 + UInt32(number))
    }

    /// A pool with one upstream that has `count` addresses.
    private func rig(
        addresses count: Int, settings: GroupSettings = GroupSettings()
    ) throws -> PoolRig {
        let host = UpstreamHost(name: try #require(ServerName("dns.example")), port: 853)
        var rig = PoolRig(upstreams: 0)
        rig.configure([UpstreamGroup(targets: [.host(host)], settings: settings)])
        rig.pool.found((1...count).map(Self.address), of: host, now: rig.now)
        return rig
    }

    @Test func goesToTheNextAddressAndStaysThere() throws {
        var rig = try rig(addresses: 3)
        let one = try rig.waiting()
        let two = rig.askAside(2, besides: one)
        let three = rig.askAside(3, besides: one)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses == [Self.address(1), Self.address(2)])
        #expect(two?.isReady == false)
        #expect(three?.connection == two?.connection)
        // What the second one has is asked of the first.
        if let two { rig.connect(two.connection) }
        let back = rig.askAside(4, besides: two ?? one)
        #expect(back?.connection == one.connection && back?.isReady == true)
        let next = try rig.assigned(5)
        #expect(next.connection == one.connection)
    }

    @Test func thereIsNoneWithoutAnotherAddressOrConnection() throws {
        var alone = try rig(addresses: 1)
        let one = try alone.waiting()
        let none = alone.askAside(2, besides: one)
        #expect(none == nil)
        var bounded = try rig(
            addresses: 2, settings: GroupSettings(maximumConnections: 1))
        let two = try bounded.waiting()
        let nothing = bounded.askAside(2, besides: two)
        #expect(nothing == nil)
    }

    @Test func anAddressThatFailsIsPassedOver() throws {
        var rig = try rig(addresses: 3)
        let one = try rig.waiting()
        let aside = rig.askAside(2, besides: one)
        let two = try #require(aside)
        let orphans = rig.lose(two.connection, .refused)
        let mayAskAgain = rig.mayAskAgain
        let health = rig.pool.report.map(\.health)
        #expect(orphans == [2] && mayAskAgain)
        #expect(health == [.healthy])
        let early = rig.askAside(3, besides: one)
        #expect(early == nil)
        rig.answer(one)
        _ = rig.advance(milliseconds: 5000)
        let four = try rig.assigned(4)
        let late = rig.askAside(5, besides: four)
        #expect(late != nil)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses.last == Self.address(3))
    }

    @Test func anAddressThatIsLateAgainAndAgainChangesPlaces() throws {
        var rig = try rig(addresses: 2)
        let one = try rig.waiting()
        let aside = rig.askAside(2, besides: one)
        let two = try #require(aside)
        rig.connect(two.connection)
        for _ in 0..<5 { rig.pool.wasLate(one.upstream) }
        let before = try rig.assigned(3)
        rig.pool.wasLate(one.upstream)
        let after = try rig.assigned(4)
        #expect(before.connection == one.connection)
        #expect(after.connection == two.connection)
        rig.answer(one)
        rig.answer(two)
        // Where the next connection begins, too.
        _ = rig.lose(one.connection, .closed)
        _ = rig.lose(two.connection, .closed)
        _ = try rig.assigned(5)
        let addresses = rig.contacted.map(\.address)
        #expect(addresses.last == Self.address(2))
    }
}

extension PoolRig {
    /// A question that waits at the first address.
    fileprivate mutating func waiting() throws(NoAssignment) -> Assignment {
        let waiting = try assigned(1)
        connect(waiting.connection)
        return waiting
    }

    fileprivate mutating func askAside(
        _ exchange: UInt16, besides waiting: Assignment
    ) -> Assignment? {
        let assignment = pool.assignOtherAddress(
            exchange, besides: waiting.connection, now: now)
        perform()
        return assignment
    }
}
