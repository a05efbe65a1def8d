import NetAddress
import Testing

@testable import Policy

@Suite struct RateLimiterTests {
    private static let start = Instant(microseconds: 1_000_000)

    @Test func letsABurstThroughAndThenTheRate() {
        let limiter = RateLimiter(RateLimit(rate: 10, burst: 5), seed: (1, 2))
        let client = address("192.0.2.1")
        let burst = (0..<20).count { _ in limiter.admits(client, now: Self.start) }
        #expect(burst == 5)
        var admitted = 0
        for tenth in 1...100 {
            let now = Self.start + .milliseconds(UInt64(tenth) * 10)
            if limiter.admits(client, now: now) { admitted += 1 }
        }
        #expect(admitted == 10)
    }

    @Test func fillsUpAgainAndNoFurther() {
        let limiter = RateLimiter(RateLimit(rate: 10, burst: 5), seed: (1, 2))
        let client = address("192.0.2.1")
        for _ in 0..<5 { #expect(limiter.admits(client, now: Self.start)) }
        let later = Self.start + .seconds(3600)
        let admitted = (0..<20).count { _ in limiter.admits(client, now: later) }
        #expect(admitted == 5)
    }

    @Test func countsNeighborsTogether() {
        let limiter = RateLimiter(
            RateLimit(rate: 1, burst: 1, prefixV4: 24, prefixV6: 56), seed: (1, 2))
        #expect(limiter.admits(address("192.0.2.1"), now: Self.start))
        #expect(!limiter.admits(address("192.0.2.200"), now: Self.start))
        #expect(!limiter.admits(address("::ffff:192.0.2.3"), now: Self.start))
        #expect(limiter.admits(address("192.0.3.1"), now: Self.start))
        #expect(limiter.admits(address("2001:db8:0:1::1"), now: Self.start))
        #expect(!limiter.admits(address("2001:db8:0:2::1"), now: Self.start))
        #expect(limiter.admits(address("2001:db8:0:100::1"), now: Self.start))
    }

    @Test func forgetsTheQuietAndNotTheLoud() {
        let limiter = RateLimiter(RateLimit(rate: 1, burst: 100), seed: (1, 2))
        let loud = address("192.0.2.1")
        for _ in 0..<100 { #expect(limiter.admits(loud, now: Self.start)) }
        // Many times what there is room for, each of them once.
        for number in 0..<(UInt32(PolicyLimits.ratedClients) * 4) {
            #expect(limiter.admits(IPAddress(v4: 0x0a00_0000 + number), now: Self.start))
        }
        #expect(!limiter.admits(loud, now: Self.start))
    }

    /// Each worker's time is as old as its wake-up is long.
    @Test(arguments: [1, 1000, 900_000] as [UInt64])
    func aWorkerWhoseTimeIsBehindFindsTheBucketAsEmpty(microseconds: UInt64) {
        let limiter = RateLimiter(RateLimit(rate: 1000, burst: 2000), seed: (1, 2))
        let client = address("192.0.2.1")
        let behind = Instant(microseconds: Self.start.microseconds - microseconds)
        let burst = (0..<4000).count { number in
            limiter.admits(client, now: number.isMultiple(of: 2) ? Self.start : behind)
        }
        #expect(burst <= 2000)
        #expect(!limiter.admits(client, now: behind))
        #expect(!limiter.admits(client, now: Self.start))
        let later = (0..<4000).count { number in
            limiter.admits(client, now: (number % 2 == 0 ? Self.start : behind) + .seconds(1))
        }
        #expect((900...1000).contains(later) || microseconds > 100_000 && later <= 1000)
    }

    @Test func workersTakeFromOneBucket() async {
        let limiter = RateLimiter(RateLimit(rate: 1, burst: 1000), seed: (1, 2))
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    (0..<1000).count { _ in
                        limiter.admits(address("192.0.2.1"), now: Self.start)
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 1000)
    }

    /// The time of a bucket wraps, and the clock of a machine that runs for years does not.
    @Test func aClientThatWasQuietForDaysHasAFullBucket() {
        let limiter = RateLimiter(RateLimit(rate: 10, burst: 5), seed: (1, 2))
        let client = address("192.0.2.1")
        for days in [0, 1, 6, 7, 12, 13, 25, 400] as [UInt64] {
            let now = Self.start + .seconds(days * 86_400)
            let admitted = (0..<20).count { _ in limiter.admits(client, now: now) }
            #expect(admitted == 5, "\(days)")
        }
    }
}
