import DNSWire
import TestSupport
import Testing

@testable import DNSCache

/// What an entry takes beside the octets that came over the wire, everything counted.
@Suite struct OverheadTests {
    private static let budget = 96

    @Test(arguments: [1, 2, 5])
    func isWithinItsBudgetWhenTheCacheIsFull(records: Int) {
        let byteCount = 4 << 20
        var rig = CacheRig(CacheSettings(byteCount: byteCount))
        var wireSize = 0
        var number = 0
        while rig.cache.statistics.evictions < 2000 {
            var message = CacheRig.answer("n\(1_000_000 + number).bench.example")
            for record in 1...records {
                message.addRecord(type: 1, ttl: 300, data: [192, 0, 2, UInt8(record)])
            }
            wireSize = message.bytes.count
            rig.store(message, now: 1)
            number += 1
        }
        let entries = rig.cache.statistics.entries
        let overhead = byteCount / entries - wireSize
        #expect(entries > 10_000)
        #expect(overhead > 0)
        #expect(overhead <= Self.budget)
        print("entry of \(wireSize) octets: \(overhead) more, \(entries) in \(byteCount)")
    }
}
