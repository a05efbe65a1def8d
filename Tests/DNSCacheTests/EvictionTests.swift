import DNSWire
import TestSupport
import Testing

@testable import DNSCache

/// How often what is asked for is still there, against an exact LRU of the same size.
@Suite struct EvictionTests {
    private static let byteCount = 512 << 10
    private static let names = 30_000
    private static let requests = 120_000

    /// Requests as a Zipf distribution with exponent 1 makes them; with a scan every other one
    /// asks for a name that nobody asks for again.
    private static func trace(withScan: Bool) -> [Int] {
        var random = SplitMix64(seed: 42)
        var sums: [Double] = []
        var sum = 0.0
        for rank in 1...names {
            sum += 1 / Double(rank)
            sums.append(sum)
        }
        var next = names
        return (0..<requests).map { number in
            if withScan, number.isMultiple(of: 2) {
                next += 1
                return next
            }
            let draw = Double(random.next() >> 11) / Double(1 << 53) * sum
            return sums.partitioningPlace { $0 < draw }
        }
    }

    /// The hits among the requests for names that are asked for again.
    private static func ratio(_ trace: [Int], _ isHit: (Int) -> Bool) -> Double {
        var hits = 0
        var requests = 0
        for name in trace {
            let wasThere = isHit(name)
            guard name < names else { continue }
            requests += 1
            hits += wasThere ? 1 : 0
        }
        return Double(hits) / Double(requests)
    }

    private static func cacheRatio(_ trace: [Int]) -> Double {
        var shard = CacheShard(byteCount: byteCount)
        let hash = KeyedHash(0x1234_5678_9abc_def0, 0x0fed_cba9_8765_4321)
        var ttls = TTLOffsets()
        _ = ttls.append(6)
        var room = [UInt8](repeating: 0, count: 2048)
        return ratio(trace) { name in
            let question = CacheRig.question("host\(name).example")
            let key = hash.key(question.span.bytes, dnssecOK: false, checkingDisabled: false)
            let found = withRoom(in: &room) { room in
                shard.answer(
                    key, question: question.span.bytes, spelled: question.span.bytes,
                    as: CacheRig.reply(), settings: CacheSettings(), now: 1, epoch: 0, into: &room)
            }
            if case .hit = found { return true }
            guard found == .miss else { preconditionFailure("an answer that could not be given") }
            let records = [UInt8](repeating: 0, count: recordsLength)
            let entry = NewEntry(
                key: key, question: question.span.bytes, outline: outline,
                records: records.span.bytes, extendedError: RawSpan(), ttl: 300, isFailure: false)
            _ = shard.insert(entry, ttls: ttls, now: 1, epoch: 0)
            return false
        }
    }

    private static let recordsLength = 60
    private static let outline = AnswerOutline(
        flags: [.response], code: .noError, answerCount: 1, authorityCount: 0, additionalCount: 0)

    private static func leastRecentlyUsedRatio(_ trace: [Int]) -> Double {
        let shard = CacheShard(byteCount: byteCount)
        var lru = LeastRecentlyUsed(
            byteCount: shard.small.capacity + shard.main.capacity, names: names + requests + 1)
        return ratio(trace) { name in
            let question = CacheRig.question("host\(name).example")
            return lru.touch(
                name,
                size: EntryLayout.size(
                    question: question.count, ttls: 1, records: recordsLength, error: 0))
        }
    }

    @Test func isAsGoodAsLRUOnZipfAndMuchBetterUnderAScan() {
        let plain = Self.trace(withScan: false)
        let scanned = Self.trace(withScan: true)
        let ratios = [
            Self.cacheRatio(plain), Self.leastRecentlyUsedRatio(plain),
            Self.cacheRatio(scanned), Self.leastRecentlyUsedRatio(scanned),
        ]
        let percents = ratios.map { ($0 * 1000).rounded() / 10 }
        print("hit ratio in percent, S3-FIFO and LRU:")
        print("Zipf \(percents[0]) and \(percents[1])")
        print("Zipf with a scan \(percents[2]) and \(percents[3])")
        #expect(ratios[0] > ratios[1] + 0.02)
        #expect(ratios[2] > ratios[3] + 0.05)
    }
}

/// A list in the order of use that holds so many octets.
private struct LeastRecentlyUsed {
    private let byteCount: Int
    private var used = 0
    private var sizes: [Int]
    private var newer: [Int]
    private var older: [Int]
    private let end: Int

    init(byteCount: Int, names: Int) {
        self.byteCount = byteCount
        sizes = [Int](repeating: 0, count: names + 1)
        // A ring through `end`, whose neighbors are the oldest and the newest.
        newer = Array(0...names)
        older = Array(0...names)
        end = names
    }

    /// Asks for a name, and keeps it; whether it was there.
    mutating func touch(_ name: Int, size: Int) -> Bool {
        let wasThere = sizes[name] > 0
        if wasThere { remove(name) }
        sizes[name] = size
        used += size
        let newest = older[end]
        newer[newest] = name
        older[name] = newest
        newer[name] = end
        older[end] = name
        while used > byteCount { remove(newer[end]) }
        return wasThere
    }

    private mutating func remove(_ name: Int) {
        newer[older[name]] = newer[name]
        older[newer[name]] = older[name]
        used -= sizes[name]
        sizes[name] = 0
    }
}

extension Array {
    /// The place of the first element that does not precede, all before it doing so.
    fileprivate func partitioningPlace(_ precedes: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if precedes(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return Swift.min(low, count - 1)
    }
}
