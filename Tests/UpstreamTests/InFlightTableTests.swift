import Testing

@testable import Upstream

@Suite struct InFlightTableTests {
    @Test func positionsThatShareAnEntryAreToldApart() {
        var table = InFlightTable(connections: 2)
        table.reset(1)
        table.set(1, 5, to: 77)
        let own = table.exchange(1, 5)
        let other = table.exchange(1, 5 + UInt16(Limits.inFlight))
        let isFree = table.isFree(1, 5 + UInt16(Limits.inFlight))
        #expect(own == 77)
        #expect(other == InFlightTable.free)
        #expect(!isFree)
    }

    @Test func connectionsDoNotShareEntries() {
        var table = InFlightTable(connections: 2)
        table.reset(0)
        table.reset(1)
        table.set(0, 5, to: 77)
        let other = table.exchange(1, 5)
        table.reset(0)
        let own = table.exchange(0, 5)
        #expect(other == InFlightTable.free)
        #expect(own == InFlightTable.free)
    }
}
