import NetAddress
import Testing

@testable import TLS

@Suite struct TicketStoreTests {
    @Test func givesTheNewestOnceEach() throws {
        let store = TicketStore()
        for number in UInt8(1)...3 { store.put(try ticket(number)) }
        let identity = try identity()
        for number in [3, 2, 1] as [UInt8] {
            #expect(store.take(identity, at: 0)?.data == [number])
        }
        #expect(store.take(identity, at: 0) == nil)
        #expect(store.count == 0)
    }

    @Test func keepsTheNewestFourOfAServer() throws {
        let store = TicketStore()
        for number in UInt8(1)...9 { store.put(try ticket(number)) }
        #expect(store.count == 4)
        let identity = try identity()
        for number in [9, 8, 7, 6] as [UInt8] {
            #expect(store.take(identity, at: 0)?.data == [number])
        }
    }

    @Test func keepsTheLatestSixtyFourServers() throws {
        let store = TicketStore()
        for port in UInt16(1)...100 { store.put(try ticket(1, port: port)) }
        #expect(store.count == 64)
        #expect(store.take(try identity(port: 36), at: 0) == nil)
        #expect(store.take(try identity(port: 37), at: 0) != nil)
        #expect(store.take(try identity(port: 100), at: 0) != nil)
    }

    @Test func givesNoneThatIsPastItsTime() throws {
        let store = TicketStore()
        store.put(try ticket(1, notAfter: 100))
        store.put(try ticket(2, notAfter: 50))
        #expect(store.take(try identity(), at: 60)?.data == [1])
        store.put(try ticket(3, notAfter: 50))
        #expect(store.take(try identity(), at: 51) == nil)
        #expect(store.count == 0)
    }

    @Test func givesNoneOfAnotherContext() throws {
        let store = TicketStore()
        store.put(try ticket(1))
        let strict = try Fixture.context(minimum: .v13)
        #expect(store.take(for: server(), context: strict) == nil)
        #expect(store.count == 0)
    }

    @Test func forgetsThoseOfTheFormerContext() throws {
        let store = TicketStore()
        store.put(try ticket(1))
        let strict = TicketIdentity(server: server(), context: try Fixture.context(minimum: .v13))
        store.put(SessionTicket(data: [2], identity: strict, notAfter: 100))
        #expect(store.count == 1)
        #expect(store.take(strict, at: 0)?.data == [2])
    }

    @Test func drops() throws {
        let store = TicketStore()
        store.put(try ticket(1))
        store.put(try ticket(2, port: 853))
        store.drop(server())
        #expect(store.count == 1)
        #expect(store.take(try identity(), at: 0) == nil)
        store.dropAll()
        #expect(store.count == 0)
    }

    private func server(port: UInt16 = 8853) -> UpstreamServer {
        UpstreamServer(endpoint: Endpoint(address: Fixture.address, port: port), name: nil)
    }

    private func identity(port: UInt16 = 8853) throws -> TicketIdentity {
        TicketIdentity(server: server(port: port), context: try Fixture.context())
    }

    private func ticket(
        _ number: UInt8, port: UInt16 = 8853, notAfter: Int64 = 100
    ) throws -> SessionTicket {
        SessionTicket(data: [number], identity: try identity(port: port), notAfter: notAfter)
    }
}
