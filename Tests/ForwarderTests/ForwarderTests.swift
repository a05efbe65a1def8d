import DNSWire
import NetAddress
import TestSupport
import Testing
import Upstream

@testable import Forwarder

@Suite struct ForwarderTests {
    private static func query(_ number: Int) -> [UInt8] {
        MessageBuilder.query("n\(number).example", id: UInt16(number % 65_536)).bytes
    }

    @Test func takesAsManyQueriesAsItsLimitAndAnswersTheNextAtOnce() {
        var soak = Soak(seed: 1, upstreams: 1)
        for number in 0..<ForwarderLimits.exchanges { soak.receive(Self.query(number)) }
        let full = soak.forwarder.pendingQueries
        soak.receive(Self.query(ForwarderLimits.exchanges))
        let still = soak.forwarder.pendingQueries
        let overloaded = soak.forwarder.counters.overloaded
        #expect(full == ForwarderLimits.exchanges)
        #expect(still == full)
        #expect(overloaded == 1)
        // Questions that are under way already can still be joined, up to a bound of their own.
        for number in full..<ForwarderLimits.queries { soak.receive(Self.query(number % 8)) }
        soak.receive(Self.query(0))
        let joined = soak.forwarder.counters.joined
        let overloadedTwice = soak.forwarder.counters.overloaded
        #expect(joined == UInt64(ForwarderLimits.queries - ForwarderLimits.exchanges))
        #expect(overloadedTwice == 2)
        soak.advance(milliseconds: 5000)
        let pending = soak.forwarder.pendingQueries
        #expect(pending == 0)
        #expect(soak.complaints == [])
    }

    @Test func oneQuestionIsWaitedForByABoundedNumberOfQueries() {
        var soak = Soak(seed: 1, upstreams: 1)
        for _ in 0..<ForwarderLimits.queriesPerExchange { soak.receive(Self.query(0)) }
        let pending = soak.forwarder.pendingQueries
        soak.receive(Self.query(0))
        let overloaded = soak.forwarder.counters.overloaded
        soak.receive(Self.query(1))
        let others = soak.forwarder.pendingQueries
        soak.advance(milliseconds: 5000)
        let left = soak.forwarder.pendingQueries
        #expect(pending == ForwarderLimits.queriesPerExchange)
        #expect(overloaded == 1)
        #expect(others == pending + 1)
        #expect(left == 0)
        #expect(soak.complaints == [])
    }

    @Test func aReplyIsWrittenOnce() {
        var soak = Soak(seed: 1, upstreams: 0)
        let disposition = received(Self.query(1), by: &soak)
        guard case .pending(let query) = disposition else {
            Issue.record("the query is not taken")
            return
        }
        let action = soak.forwarder.nextAction()
        #expect(action == .reply(query))
        let first = writeReply(to: query, by: &soak)
        let second = writeReply(to: query, by: &soak)
        let none: [UInt8] = []
        let capacity = soak.forwarder.replyCapacity(query, answer: none.span.bytes)
        #expect(first > 12)
        #expect(second == 0)
        #expect(capacity == 0)
    }

    @Test func aQuestionOfAnEndedExchangeIsNotWritten() {
        var soak = Soak(seed: 1, upstreams: 1)
        soak.receive(Self.query(1))
        let exchange = soak.forwarder.exchangeSlots.slot(at: 0) ?? .none
        soak.advance(milliseconds: 5000)
        var room = [UInt8](repeating: 0, count: 512)
        let length = withRoom(in: &room) { room in
            soak.forwarder.writeQuestion(of: exchange, messageID: 1, on: .none, into: &room)
        }
        #expect(length == 0)
    }

    @Test func theEarliestTimerIsTheEarlierOfBoth() {
        var soak = Soak(seed: 1, upstreams: 2)
        let none = soak.forwarder.earliestTimer
        soak.receive(Self.query(1))
        let patience = soak.forwarder.earliestTimer
        #expect(none == nil)
        // The patience of the exchange in ticks of 4 ms, then that with the second handshake.
        #expect(patience == Instant(microseconds: 5_252_000))
        soak.advance(milliseconds: 400)
        let handshake = soak.forwarder.earliestTimer
        #expect(handshake == Instant(microseconds: 5_504_000))
    }

    @Test func eventsOfConnectionsThatAreGoneChangeNothing() {
        var soak = Soak(seed: 1, upstreams: 1)
        soak.receive(Self.query(1))
        let connection = soak.connecting.first ?? .none
        soak.lose(connection, .refused)
        let before = soak.forwarder.counters
        soak.forwarder.connected(connection, now: soak.now)
        soak.forwarder.lost(connection, .closed, text: "again", now: soak.now)
        let message = [UInt8](repeating: 0, count: 20)
        soak.forwarder.answered(message.span.bytes, on: connection, now: soak.now)
        soak.forwarder.answered(message.span.bytes.extracting(0..<3), on: connection, now: soak.now)
        let action = soak.forwarder.nextAction()
        let after = soak.forwarder.counters
        #expect(action == nil)
        #expect(after.failed == before.failed)
    }

    private func received(_ message: [UInt8], by soak: inout Soak) -> Disposition {
        let endpoint = Endpoint(address: IPAddress(v4: 0x7f00_0001), port: 5353)
        let now = soak.now
        var reply = [UInt8](repeating: 0, count: Reply.minimumCapacity)
        return withRoom(in: &reply) { room in
            soak.forwarder.received(
                message.span.bytes, from: Source(.datagram, endpoint), now: now, reply: &room)
        }
    }

    private func writeReply(to query: QueryID, by soak: inout Soak) -> Int {
        let none: [UInt8] = []
        var reply = [UInt8](repeating: 0, count: Reply.minimumCapacity)
        return withRoom(in: &reply) { room in
            soak.forwarder.writeReply(
                to: query, from: none.span.bytes, now: soak.now, into: &room)
        }
    }
}
