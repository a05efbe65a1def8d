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
}
