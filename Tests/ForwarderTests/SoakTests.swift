import DNSCache
import NetAddress
import TestSupport
import Testing
import Upstream

@testable import Forwarder

@Suite struct SoakTests {
    private static let failures: [UpstreamFailure] = [
        .refused, .unreachable, .timedOut, .cutOff, .handshake, .verification, .silent, .closed,
        .closed,
    ]

    /// One random event.
    private static func step(_ soak: inout Soak) {
        switch soak.random.below(100) {
        case 0..<40: soak.receive(Mutation.query(&soak.random))
        case 40..<75:
            guard !soak.sent.isEmpty else { return }
            let place = soak.random.below(min(soak.sent.count, 40))
            let query = soak.sent.remove(at: place)
            soak.answer(query.connection, Mutation.answer(to: query.message, &soak.random))
        case 75..<85:
            guard !soak.connecting.isEmpty else { return }
            soak.connect(soak.connecting[soak.random.below(soak.connecting.count)])
        case 85..<87:
            let all = soak.connecting + soak.ready
            guard !all.isEmpty else { return }
            let failure = failures[soak.random.below(failures.count)]
            soak.lose(all[soak.random.below(all.count)], failure)
        case 87..<88:
            let isNamed = soak.random.below(2) == 0
            if soak.random.below(10) == 0 { soak.configure(soak.random.below(5), named: isNamed) }
        case 88..<89: soak.learn()
        default: soak.advance(milliseconds: soak.random.below(60))
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64], [false, true])
    func everyQueryGetsOneAnswerAndNothingIsLeft(seed: UInt64, isPlain: Bool) {
        // Every other life with a cache.
        let settings = CacheSettings(byteCount: seed.isMultiple(of: 2) ? 1 << 20 : 0)
        let cache = MessageCache(settings: settings, hash: KeyedHash(seed, seed))
        var soak = Soak(seed: seed, upstreams: 1 + Int(seed % 4), cache: cache, isPlain: isPlain)
        for step in 0..<3000 {
            Self.step(&soak)
            if let complaint = soak.complaints.first {
                Issue.record("seed \(seed), step \(step): \(complaint)")
                return
            }
        }
        let answered = soak.answers
        // Addresses would be looked up again and again.
        soak.configure(1)
        // Whatever is still under way ends with its deadline.
        soak.advance(milliseconds: 10_000)
        expectNothingIsLeft(&soak)
        // What is no answer to a datagram is passed over, so most of them end with the deadline.
        #expect(answered > (settings.byteCount > 0 || isPlain ? 100 : 500))
        #expect(soak.complaints == [])
    }

    private func expectNothingIsLeft(_ soak: inout Soak) {
        let pending = soak.forwarder.pendingQueries
        let exchanges = soak.forwarder.exchangeSlots.inUse
        let timers = soak.forwarder.timers.count
        let isIdle = soak.forwarder.pool.isIdle
        let counters = soak.forwarder.counters
        let ended =
            counters.answered + counters.failed + counters.expired + counters.overloaded
            + counters.cacheHits + counters.stale
        #expect(soak.waiting.isEmpty)
        #expect(pending == 0)
        #expect(exchanges == 0)
        #expect(timers == 0)
        #expect(isIdle)
        #expect(counters.queries == ended)
    }

    /// Far fewer than a million in a test that must be quick; `make fuzz` does the rest.
    @Test func randomAndMutatedMessagesOnBothSidesLeaveItSane() {
        var soak = Soak(seed: 9, upstreams: 2)
        for round in 0..<20_000 {
            let query = Mutation.query(&soak.random)
            soak.receive(Mutation.octets(&soak.random, below: 80))
            soak.receive(round % 4 == 0 ? query : Mutation.changed(query, &soak.random))
            if let connection = soak.connecting.first { soak.connect(connection) }
            if round % 4 == 0, let connection = soak.ready.first {
                let octets = Mutation.octets(&soak.random, below: 80)
                soak.answer(connection, octets + [UInt8](repeating: 0, count: 12))
            }
            if let query = soak.sent.popLast() {
                let answer = Mutation.answer(to: query.message, &soak.random)
                soak.answer(
                    query.connection,
                    round % 20 == 0 ? Mutation.changed(answer, &soak.random) : answer)
            }
            if round % 4 == 0 { soak.advance(milliseconds: 100) }
            if round % 1000 == 0 { soak.configure(2, named: round % 2000 == 0) }
        }
        let counters = soak.forwarder.counters
        soak.configure(2)
        soak.advance(milliseconds: 10_000)
        expectNothingIsLeft(&soak)
        #expect(soak.complaints == [])
        #expect(counters.discarded > 1000)
        #expect(counters.refused > 1000)
        #expect(counters.answered > 1000)
    }
}
