internal import Collections
internal import DNSWire
internal import NetAddress
internal import Upstream

// What goes over UDP may be forged, cut, or lost.
extension Forwarder {
    /// Takes a datagram that came to the right port, from the right address and with the right id.
    ///
    /// What is no answer to what was asked is passed over, and the answer waited for: it may come
    /// from somebody who guesses, and what he sends must change nothing. An answer that is cut, or
    /// whose name is spelled in another way, is asked for over TCP.
    mutating func checkDatagram(
        _ message: RawSpan, _ messageID: UInt16, answering exchange: ExchangeID,
        on connection: ConnectionID, now: Instant
    ) {
        do throws(ResponseDefect) {
            let response = try read(
                message, messageID, answering: Int(exchange.index), on: connection)
            accept(
                response, of: message, messageID, answering: exchange, on: connection, now: now)
        } catch {
            counters.discarded &+= 1
            guard error == .truncated else { return }
            askOverStream(exchange, messageID, insteadOf: connection, now: now)
        }
    }

    /// Reads what answers the exchange at `index`; another spelling counts as cut.
    private func read(
        _ message: RawSpan, _ messageID: UInt16, answering index: Int,
        on connection: ConnectionID
    ) throws(ResponseDefect) -> Response {
        let length = exchanges[index].questionLength
        let question = questions.span(index, length: length)
        let response = try Response(message, answering: question)
        let spelling = SecretSpelling(seed: pool.spellingSeed(of: messageID, on: connection))
        let name = question.extracting(0..<(length - 4))
        guard spelling.matches(message, from: Question.offset, name) else { throw .truncated }
        return response
    }

    private mutating func askOverStream(
        _ exchange: ExchangeID, _ messageID: UInt16, insteadOf connection: ConnectionID,
        now: Instant
    ) {
        guard let upstream = pool.upstream(of: connection) else { return }
        noteAnswer(messageID, to: exchange, on: connection, idleTimeout: nil, now: now)
        exchanges[Int(exchange.index)].removeAttempt(on: connection)
        if exchanges[Int(exchange.index)].sends < ForwarderLimits.sends,
            let assignment = pool.assignStream(UInt16(exchange.index), at: upstream, now: now)
        {
            note(assignment, for: exchange, now: now)
            schedule(Int(exchange.index), now: now)
        } else {
            lostAttempt(
                of: exchange, on: connection, upstream: upstream, mayAskAgain: false, now: now)
        }
    }

    /// When the datagram that is waited for is to be sent once more; `nil` when it is not.
    func resendTime(_ index: Int) -> Instant? {
        // The servers of the main group are never asked in the clear.
        guard exchanges[index].group != .main, let first = exchanges[index].first,
            exchanges[index].second == nil, let sentAt = first.sentAt,
            exchanges[index].sends < ForwarderLimits.sends,
            pool.carrier(of: first.connection) == .datagram
        else { return nil }
        return sentAt + Limits.resendInterval * UInt64(exchanges[index].resends + 1)
    }

    /// Sends a datagram again if it is time to, from the same port under the same id: who guesses
    /// gets no second chance.
    mutating func resend(_ exchange: ExchangeID, now: Instant) {
        let index = Int(exchange.index)
        guard let due = resendTime(index), due <= now, let first = exchanges[index].first else {
            return
        }
        exchanges[index].resends += 1
        exchanges[index].sends &+= 1
        counters.sent &+= 1
        actions.append(.send(first.connection, exchange, messageID: first.messageID))
    }
}
