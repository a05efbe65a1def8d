import NetAddress
import Testing

@testable import Configuration
@testable import Daemon

@Suite struct RouteNumbersTests {
    private func route(_ server: UInt32) -> RouteSettings {
        var route = RouteSettings()
        route.servers = [
            .server(
                UpstreamServer(
                    endpoint: Endpoint(address: IPAddress(v4: server), port: 853), name: nil))
        ]
        return route
    }

    @Test func theFirstRoutesAreNumberedInOrder() {
        let numbers = RouteNumbers([route(1), route(2)])
        #expect(numbers.numbers == [1, 2])
        #expect(!numbers.needsFlush)
    }

    @Test func aRouteKeepsItsNumberWhereverItStands() {
        let first = RouteNumbers([route(1), route(2)])
        let second = RouteNumbers([route(2), route(1)], replacing: first)
        #expect(second.numbers == [2, 1])
    }

    @Test func otherServersAreAnotherRoute() {
        let first = RouteNumbers([route(1), route(2)])
        let second = RouteNumbers([route(3), route(2)], replacing: first)
        #expect(second.numbers == [3, 2])
        // The answers of number 1 may be in memory still.
        let third = RouteNumbers([route(1), route(2)], replacing: second)
        #expect(third.numbers == [4, 2])
        #expect(!third.needsFlush)
    }

    @Test func equalRoutesAreTwo() {
        let first = RouteNumbers([route(1), route(1)])
        #expect(first.numbers == [1, 2])
        #expect(RouteNumbers([route(1), route(1)], replacing: first).numbers == [1, 2])
    }

    @Test func whenAllNumbersAreUsedTheyStartAnewAndAllIsForgotten() {
        var numbers = RouteNumbers([route(1)])
        for server in 2...31 {
            numbers = RouteNumbers([route(UInt32(server))], replacing: numbers)
            #expect(!numbers.needsFlush)
            #expect(numbers.numbers == [UInt8(server)])
        }
        numbers = RouteNumbers([route(32)], replacing: numbers)
        #expect(numbers.needsFlush)
        #expect(numbers.numbers == [1])
        numbers = RouteNumbers([route(33)], replacing: numbers)
        #expect(!numbers.needsFlush)
        #expect(numbers.numbers == [2])
    }

    /// What is under way along a route is answered after all was forgotten.
    @Test func theNumbersInUseGoToNobodyElse() {
        var numbers = RouteNumbers([route(1), route(2)])
        for server in 3...31 {
            numbers = RouteNumbers([route(1), route(UInt32(server))], replacing: numbers)
        }
        #expect(numbers.numbers == [1, 31])
        numbers = RouteNumbers([route(32), route(33), route(31)], replacing: numbers)
        #expect(numbers.needsFlush)
        #expect(numbers.numbers == [2, 3, 31])
        numbers = RouteNumbers([route(34)], replacing: numbers)
        #expect(!numbers.needsFlush)
        #expect(numbers.numbers == [4])
    }

    @Test func allNumbersAreGivenWhereTheRoutesAreMany() {
        let first = RouteNumbers((1...16).map { route($0) })
        let second = RouteNumbers((17...32).map { route($0) }, replacing: first)
        #expect(second.needsFlush)
        #expect(Set(second.numbers).count == 16)
        #expect(second.numbers.allSatisfy { (1...31).contains($0) })
    }
}
