import NetAddress
import TestSupport
import Testing

@testable import Policy

@Suite struct AccessTableTests {
    private static func table(
        allow: [String] = [], deny: [String] = [], exempt: [String] = []
    ) -> AccessTable {
        AccessTable(
            allowed: allow.compactMap { AddressPrefix($0) },
            denied: deny.compactMap { AddressPrefix($0) },
            exempt: exempt.compactMap { AddressPrefix($0) })
    }

    @Test func letsInNobodyButTheHostItself() {
        let table = Self.table()
        #expect(table.standing(of: address("127.0.0.53")) == .exempt)
        #expect(table.standing(of: address("::1")) == .exempt)
        #expect(table.standing(of: address("::ffff:127.0.0.1")) == .exempt)
        #expect(table.standing(of: address("192.168.1.1")) == .denied)
        #expect(table.standing(of: address("128.0.0.0")) == .denied)
        #expect(table.standing(of: address("::2")) == .denied)
    }

    @Test func theLongestPrefixCounts() {
        let table = Self.table(
            allow: ["10.0.0.0/8", "10.1.2.0/24", "2001:db8::/32"],
            deny: ["10.1.0.0/16", "2001:db8:0:1::/64"])
        #expect(table.standing(of: address("10.2.0.1")) == .allowed)
        #expect(table.standing(of: address("10.1.3.1")) == .denied)
        #expect(table.standing(of: address("10.1.2.1")) == .allowed)
        #expect(table.standing(of: address("::ffff:10.1.2.1")) == .allowed)
        #expect(table.standing(of: address("2001:db8::1")) == .allowed)
        #expect(table.standing(of: address("2001:db8:0:1::1")) == .denied)
        #expect(table.standing(of: address("2001:db8:0:2::1")) == .allowed)
    }

    @Test func ofTheSamePrefixTheDenialCounts() {
        let table = Self.table(allow: ["10.0.0.0/8"], deny: ["10.0.0.0/8", "127.0.0.0/8"])
        #expect(table.standing(of: address("10.0.0.1")) == .denied)
        #expect(table.standing(of: address("127.0.0.1")) == .denied)
    }

    @Test func aHostOfThisMachineCanBeDenied() {
        let table = Self.table(deny: ["127.0.0.9"])
        #expect(table.standing(of: address("127.0.0.9")) == .denied)
        #expect(table.standing(of: address("127.0.0.8")) == .exempt)
    }

    @Test func onlyWhoIsAllowedIsExempt() {
        let table = Self.table(
            allow: ["10.0.0.0/8"], deny: ["10.9.0.0/16"], exempt: ["10.0.0.0/9", "192.0.2.0/24"])
        #expect(table.standing(of: address("10.1.0.1")) == .exempt)
        #expect(table.standing(of: address("10.200.0.1")) == .allowed)
        #expect(table.standing(of: address("10.9.0.1")) == .denied)
        #expect(table.standing(of: address("192.0.2.1")) == .denied)
    }

    @Test func prefixesReachBothEnds() {
        let table = Self.table(
            allow: ["0.0.0.0/0", "::/0"], deny: ["255.255.255.0/24", "ffff::/16"])
        #expect(table.standing(of: address("0.0.0.1")) == .allowed)
        #expect(table.standing(of: address("255.255.254.255")) == .allowed)
        #expect(table.standing(of: address("255.255.255.255")) == .denied)
        #expect(table.standing(of: IPAddress(v6High: .max, low: .max)) == .denied)
        #expect(table.standing(of: IPAddress(v6High: .max >> 1, low: .max)) == .allowed)
    }

    @Test func agreesWithTryingEveryPrefix() throws {
        var generator = SplitMix64(seed: 4)
        for _ in 0..<20 {
            let lists = (0..<2).map { _ in
                (0..<30).compactMap { _ in Self.randomPrefix(&generator) }
            }
            let table = AccessTable(allowed: lists[0], denied: lists[1], exempt: [])
            for _ in 0..<500 {
                let client = Self.randomAddress(&generator)
                guard !client.isLoopback else { continue }
                let allowed = lists[0].filter { $0.contains(client) }.map(\.length).max() ?? -1
                let denied = lists[1].filter { $0.contains(client) }.map(\.length).max() ?? -1
                #expect(
                    table.standing(of: client) == (allowed > denied ? .allowed : .denied))
            }
        }
    }

    private static func randomAddress(_ generator: inout SplitMix64) -> IPAddress {
        // Few addresses, so that many prefixes hold each.
        let bits = UInt64(generator.below(256)) << 24 | UInt64(generator.below(4))
        return generator.below(2) == 0
            ? IPAddress(v4: UInt32(truncatingIfNeeded: bits))
            : IPAddress(v6High: bits << 30 | 1 << 40, low: bits)
    }

    private static func randomPrefix(_ generator: inout SplitMix64) -> AddressPrefix? {
        let address = randomAddress(&generator)
        return AddressPrefix(address, length: generator.below(address.family.bitCount + 1))
    }
}
