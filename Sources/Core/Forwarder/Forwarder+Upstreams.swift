public import Collections
internal import DNSCache
internal import DNSWire
public import NetAddress
public import Upstream

extension Forwarder {
    /// Notes that a connection is up and verified, and sends what waited for it.
    public mutating func connected(_ connection: ConnectionID, now: Instant) {
        pool.connected(connection, now: now)
        var position: UInt32 = 0
        while let (index, messageID) = pool.nextWaiting(on: connection, from: &position) {
            guard let exchange = exchangeSlots.slot(at: Int(index)) else { continue }
            send(exchange, on: connection, messageID: messageID, now: now)
        }
        while let attempt = pool.overtaken(by: connection) {
            lost(attempt, .released, text: "", now: now)
            actions.append(.close(attempt))
        }
    }

    /// Takes one message from an upstream.
    ///
    /// The replies that follow from it are written from the same message before the next event.
    public mutating func answered(_ message: RawSpan, on connection: ConnectionID, now: Instant) {
        response = nil
        // More messages may have come with the one that ended the connection.
        guard pool.upstream(of: connection) != nil else { return }
        guard message.byteCount >= Header.byteCount else {
            counters.discarded &+= 1
            guard pool.carrier(of: connection) != .datagram else { return }
            misbehaved(connection, "a message of less than 12 octets", now: now)
            return
        }
        let messageID = message.uint16(at: 0)
        switch pool.recipient(of: messageID, on: connection) {
        case .nobody:
            pool.answeredLate(messageID, on: connection, now: now)
        case .unsolicited:
            counters.discarded &+= 1
            if pool.receivedUnsolicited(on: connection, now: now) {
                misbehaved(connection, "too many answers that nobody asked for", now: now)
            }
        case .exchange(let index):
            guard let exchange = exchangeSlots.slot(at: Int(index)) else { return }
            if pool.carrier(of: connection) == .datagram {
                checkDatagram(message, messageID, answering: exchange, on: connection, now: now)
            } else {
                check(message, messageID, answering: exchange, on: connection, now: now)
            }
        }
    }

    /// When the query was sent that `message` has the id of; `nil` when nobody waits for its answer.
    ///
    /// Says nothing of whether the message will be believed. A datagram that was sent again counts
    /// from the first time.
    public func sentAt(answeredBy message: RawSpan, on connection: ConnectionID) -> Instant? {
        guard message.byteCount >= Header.byteCount,
            case .exchange(let index) = pool.recipient(of: message.uint16(at: 0), on: connection),
            exchangeSlots.slot(at: Int(index)) != nil
        else { return nil }
        return exchanges[Int(index)].sentAt(on: connection)
    }

    /// Notes that a connection ended or could not be made.
    public mutating func lost(
        _ connection: ConnectionID, _ failure: UpstreamFailure, text: String, now: Instant
    ) {
        guard let upstream = pool.upstream(of: connection) else { return }
        let mayAskAgain = pool.lost(connection, failure, text: text, now: now)
        var position: UInt32 = 0
        while let index = pool.takeOrphan(of: connection, from: &position) {
            guard let exchange = exchangeSlots.slot(at: Int(index)) else { continue }
            lostAttempt(
                of: exchange, on: connection, upstream: upstream, mayAskAgain: mayAskAgain,
                now: now)
        }
        pool.forget(connection)
    }

    /// Gives no more queries to a connection that no longer counts as verified.
    public mutating func replace(_ connection: ConnectionID, now: Instant) {
        pool.replace(connection, now: now)
    }

    /// Does what the time that has come asks for.
    public mutating func timerFired(now: Instant) {
        while let finding = pool.timerFired(now: now) {
            switch finding {
            case .handshakeTimedOut(let connection):
                handshakeTimedOut(connection, now: now)
            case .slow(let connection):
                becameSlow(connection, now: now)
            case .suspect(let connection):
                becameSuspect(connection, now: now)
            case .silent(let connection):
                abort(connection, .silent, "it took queries and has fallen silent", now: now)
            }
        }
        while let index = timers.popExpired(now: now) {
            if index == Self.lookUpTimer {
                lookUpDue(now: now)
                continue
            }
            guard let exchange = exchangeSlots.slot(at: index), !exchanges[index].isFinished else {
                continue
            }
            timeCame(for: exchange, now: now)
        }
    }

    private mutating func handshakeTimedOut(_ connection: ConnectionID, now: Instant) {
        if pool.server(of: connection) == nil {
            lost(connection, .unresolved, text: "its address is not known yet", now: now)
        } else {
            abort(connection, .timedOut, "no TLS connection within 2 s", now: now)
        }
    }

    private mutating func check(
        _ message: RawSpan, _ messageID: UInt16, answering exchange: ExchangeID,
        on connection: ConnectionID, now: Instant
    ) {
        let index = Int(exchange.index)
        let length = exchanges[index].questionLength
        do throws(ResponseDefect) {
            let response = try Response(message, answering: questions.span(index, length: length))
            accept(
                response, of: message, messageID, answering: exchange, on: connection, now: now)
        } catch {
            counters.discarded &+= 1
            if error == .truncated {
                passOver(messageID, answering: exchange, on: connection, now: now)
            } else {
                misbehaved(connection, Self.words(for: error), now: now)
            }
        }
    }

    mutating func accept(
        _ response: Response, of message: RawSpan, _ messageID: UInt16,
        answering exchange: ExchangeID,
        on connection: ConnectionID, now: Instant
    ) {
        let index = Int(exchange.index)
        let upstream = pool.upstream(of: connection)
        let keepalive = response.edns.flatMap { edns in
            edns.hasKeepaliveTime
                ? Interval.milliseconds(UInt64(edns.keepalive) * 100) : nil
        }
        noteAnswer(messageID, to: exchange, on: connection, idleTimeout: keepalive, now: now)
        let isHedge =
            exchanges[index].isHedged && exchanges[index].second?.connection == connection
        if isHedge { counters.hedgesWon &+= 1 }
        exchanges[index].removeAttempt(on: connection)
        if Self.isWorthAnotherUpstream(response.code), let upstream {
            exchanges[index].tried.insert(upstream)
            exchanges[index].heldCode = exchanges[index].heldCode ?? response.code
            if seekBetter(exchange, afterHedge: isHedge, now: now) { return }
        }
        if exchanges[index].isLookUp {
            takeAddresses(response, of: message, answering: exchange, now: now)
            return
        }
        if isScreened(response, of: message, answering: exchange) {
            return screen(exchange, now: now)
        }
        if isFiltered(response, of: message, answering: exchange) {
            return filter(exchange, now: now)
        }
        keep(response, of: message, answering: exchange, now: now)
        if Self.isWorthAnotherUpstream(response.code), exchanges[index].hasStale {
            fail(exchange, now: now)
        } else {
            self.response = response
            deliver(exchange, now: now)
        }
    }

    /// Goes on after an error that another upstream may know better; false when nobody is left to
    /// wait for.
    private mutating func seekBetter(
        _ exchange: ExchangeID, afterHedge isHedge: Bool, now: Instant
    ) -> Bool {
        let index = Int(exchange.index)
        guard let left = exchanges[index].first else {
            return ask(exchange, excluding: exchanges[index].tried, now: now)
        }
        // The copy for an upstream on probation was not sent for the sake of its answer.
        if pool.isProbed(left.connection) { return askAnother(exchange, now: now) }
        guard waitOn(exchange, for: left, now: now) else { return false }
        // The first one is late still.
        if isHedge { hedge(exchange, now: now) }
        return true
    }

    /// Puts an answer into memory, where a failure does not displace what is better.
    private mutating func keep(
        _ response: Response, of message: RawSpan, answering exchange: ExchangeID, now: Instant
    ) {
        guard cache.cache.isEnabled else { return }
        let index = Int(exchange.index)
        if !Self.isWorthAnotherUpstream(response.code) {
            cache.cache.upstreamAnswered(route: exchanges[index].key.route, now: now)
        }
        Self.store(
            response, of: message, exchanges[index], index, questions, in: &cache,
            now: seconds(now), time: time)
    }

    /// Apart from `self`, so that reading the question and writing the cache do not overlap.
    private static func store(
        _ response: Response, of message: RawSpan, _ exchange: Exchange, _ index: Int,
        _ questions: borrowing ByteSlab, in cache: inout CacheWriter, now: UInt32, time: UInt32
    ) {
        cache.store(
            response, of: message,
            question: questions.span(index, length: exchange.questionLength), key: exchange.key,
            now: now, time: time)
    }

    mutating func noteAnswer(
        _ messageID: UInt16, to exchange: ExchangeID, on connection: ConnectionID,
        idleTimeout: Interval?, now: Instant
    ) {
        let index = Int(exchange.index)
        let roundTrip = now - (exchanges[index].sentAt(on: connection) ?? now)
        exchanges[index].roundTrip = roundTrip
        exchanges[index].answeredBy = pool.upstream(of: connection).map {
            UInt8(truncatingIfNeeded: $0)
        }
        pool.answered(
            messageID, on: connection, roundTrip: roundTrip, idleTimeout: idleTimeout, now: now)
    }

    /// Leaves an answer that cannot be used and asks elsewhere; the connection is good.
    private mutating func passOver(
        _ messageID: UInt16, answering exchange: ExchangeID, on connection: ConnectionID,
        now: Instant
    ) {
        guard let upstream = pool.upstream(of: connection) else { return }
        noteAnswer(messageID, to: exchange, on: connection, idleTimeout: nil, now: now)
        lostAttempt(
            of: exchange, on: connection, upstream: upstream, mayAskAgain: false, now: now)
    }

    /// Another upstream may know better (RFC 9520 section 3.1).
    private static func isWorthAnotherUpstream(_ code: ResponseCode) -> Bool {
        code == .serverFailure || code == .refused || code == .notImplemented
            || code == .formatError
    }

    private mutating func misbehaved(
        _ connection: ConnectionID, _ words: StaticString, now: Instant
    ) {
        abort(connection, .misbehaved, words, now: now)
    }

    private mutating func abort(
        _ connection: ConnectionID, _ failure: UpstreamFailure, _ words: StaticString,
        now: Instant
    ) {
        if aborts.count < ForwarderLimits.aborts, let target = pool.target(of: connection),
            let server = pool.server(of: connection)
        {
            aborts.append(
                Abort(
                    target: target, server: server, failure: failure,
                    reason: words.description))
        }
        lost(connection, failure, text: words.description, now: now)
        actions.append(.close(connection))
    }

    private static func words(for defect: ResponseDefect) -> StaticString {
        switch defect {
        case .tooShort: "a message of less than 12 octets"
        case .notAResponse: "a query instead of an answer"
        case .wrongOpcode: "an answer with another opcode"
        case .wrongQuestion: "an answer to another question"
        case .malformed: "a malformed answer"
        case .truncated: "a truncated answer"
        }
    }
}
