import NetAddress
import TestSupport
import Testing

@testable import TLS

@Suite struct TicketImageTests {
    @Test func everyTicketComesBack() throws {
        let old = try filled()
        let new = TicketStore()
        #expect(new.unpack(old.packed().span.bytes, at: 50) == 5)
        #expect(new.count == 5)
        let (before, after) = (old.all, new.all)
        #expect(before.map(\.data) == after.map(\.data))
        #expect(before.map(\.identity) == after.map(\.identity))
        #expect(before.map(\.notAfter) == after.map(\.notAfter))
    }

    @Test func noTicketsAreFine() {
        let store = TicketStore()
        #expect(store.unpack(TicketStore().packed().span.bytes, at: 0) == 0)
    }

    @Test func onlyTheUsableAreTaken() throws {
        let old = try filled()
        let new = TicketStore()
        // Those of the last server end at 100, all others at 1000.
        #expect(new.unpack(old.packed().span.bytes, at: 101) == 4)
        // A clock that was set back.
        let week: Int64 = 7 * 86_400
        #expect(TicketStore().unpack(old.packed().span.bytes, at: 1000 - week - 1) == 1)
        #expect(TicketStore().unpack(old.packed().span.bytes, at: 1000 - week) == 5)
    }

    @Test func cutAndPaddedImagesAreRefused() throws {
        let packed = try filled().packed()
        for length in 0..<packed.count {
            let store = TicketStore()
            #expect(store.unpack(Array(packed[..<length]).span.bytes, at: 50) == nil, "\(length)")
            #expect(store.count == 0)
        }
        #expect(TicketStore().unpack((packed + [0]).span.bytes, at: 50) == nil)
    }

    @Test func mutatedImagesDoNoHarm() throws {
        let packed = try filled().packed()
        var generator = SplitMix64(seed: 5077)
        var refused = 0
        for _ in 0..<20_000 {
            var bad = packed
            for _ in 0...generator.below(3) {
                bad[generator.below(bad.count)] = UInt8(truncatingIfNeeded: generator.next())
            }
            let store = TicketStore()
            let count = store.unpack(bad.span.bytes, at: 50)
            if count == nil { refused += 1 }
            #expect(store.count <= count ?? 0)
        }
        #expect(refused > 1000 && refused < 20_000)
    }

    private func filled() throws -> TicketStore {
        let store = TicketStore()
        let pins = [UInt8(1), 2].compactMap { number in
            PublicKeyPin(digest: [UInt8](repeating: number, count: 32))
        }
        let address = IPAddress(v6High: 0xfe80_0000_0000_0000, low: 7)
        let servers = [
            UpstreamServer(endpoint: Endpoint(address: Fixture.address, port: 853), name: nil),
            UpstreamServer(
                endpoint: Endpoint(address: Fixture.address, port: 853),
                name: ServerName("dot.example"), pins: pins),
            UpstreamServer(
                endpoint: Endpoint(address: address, port: 8853, scope: 3), name: nil, pins: pins),
        ]
        let context = try Fixture.context(minimum: .v13)
        for (number, place) in [0, 1, 1, 0, 2].enumerated() {
            store.put(
                SessionTicket(
                    data: [UInt8](repeating: UInt8(number), count: 40 * number + 1),
                    identity: TicketIdentity(server: servers[place], context: context),
                    notAfter: place == 2 ? 100 : 1000))
        }
        return store
    }
}
