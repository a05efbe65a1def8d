internal import Collections
internal import EventLoop
internal import Forwarder
internal import Frontend
internal import LinuxIO
internal import NetAddress
internal import TLS
internal import Upstream
internal import UpstreamTransport

// The way of a query: in from the frontends, on to the transport, back to the client.
extension Worker {
    func received(
        _ message: RawSpan, from endpoint: Endpoint, by carrier: QueryCarrier,
        reply: inout MutableRawSpan
    ) -> Receipt {
        take(message, from: endpoint, by: carrier, reply: &reply)
    }

    func keep(_ origin: QueryOrigin, for query: UInt32) {
        origins[Int(query)] = origin
    }

    /// Takes a query of a client's, or of the supervisor's.
    @inline(__always)
    func take(
        _ message: RawSpan, from endpoint: Endpoint, by carrier: QueryCarrier,
        reply: inout MutableRawSpan
    ) -> Receipt {
        let hits = forwarder.counters.cacheHits
        switch forwarder.received(
            message, from: Source(carrier.transport, endpoint), now: loop.now, reply: &reply)
        {
        case .replied(let length):
            if logsQueries {
                let isHit = forwarder.counters.cacheHits != hits
                logReplied(
                    message, with: reply, length: length, from: endpoint, carrier,
                    isHit ? .memory : nil)
            }
            return .replied(length)
        case .pending(let query):
            if logsQueries { logPending(message, query, from: endpoint, carrier) }
            return .pending(query.index)
        case .transfer:
            if logsQueries { tapQuery(message, from: endpoint, carrier) }
            guard case .stream(let client) = carrier, beginTransfer(message, for: client) else {
                return .replied(forwarder.refuseTransfer(message, into: &reply))
            }
            return .relayed
        case .ignored:
            return .ignored
        }
    }

    func answered(_ message: RawSpan, on connection: SlotID) {
        if ZoneTransfers.owns(connection) { return transferAnswered(message, on: connection) }
        if tap != nil { tapAnswer(message, on: connection) }
        forwarder.answered(message, on: connection, now: loop.now)
        while let action = forwarder.nextAction() {
            if case .reply(let query) = action {
                reply(to: query, from: message)
            } else {
                deferred.append(action)
            }
        }
    }

    func connected(_ connection: SlotID, _ report: ConnectionReport) {
        if ZoneTransfers.owns(connection) { return transferConnected(connection) }
        // A connection that is not the first to be up is gone afterwards.
        let target = forwarder.pool.target(of: connection)
        forwarder.connected(connection, now: loop.now)
        supervisor.post(.connected)
        if let target { logConnected(report, of: target) }
        if let fault = report.tls?.tolerated { note(fault, of: report.server, on: connection) }
    }

    func failed(_ connection: SlotID, _ failure: TransportFailure, at stage: ConnectionStage) {
        if ZoneTransfers.owns(connection) { return transferFailed(connection) }
        let kind = UpstreamFailure(failure, at: stage)
        if let target = forwarder.pool.target(of: connection),
            let server = forwarder.pool.server(of: connection)
        {
            logFailed(target, server, failure, kind, wasUp: stage == .established)
        }
        forwarder.lost(connection, kind, text: failure.description, now: loop.now)
    }

    /// Does everything the forwarder wants done, then sends what has gathered.
    func wakeUpEnded() {
        if loop.now.wholeSeconds != timeReadAt { readClocks() }
        noteSleep()
        guard let transport else { return }
        repeat {
            moveTransfers()
            performActions(transport)
            transport.flush()
            plain?.flush()
        } while forwarder.hasActions
        for frontend in datagrams { frontend.flush() }
        streams?.flush()
        wakeForTransfers()
        // Frames that had to wait may have been taken by the last flush.
        if forwarder.hasActions { return wakeUpEnded() }
        armTimer()
        reportHealth()
        // Clients are gone when they have their answers.
        if isDraining, forwarder.pendingQueries == 0, streams?.clientCount ?? 0 == 0 {
            finishDraining()
        }
    }

    /// Reads the clocks that are not the loop's, at most once a second.
    func readClocks() {
        timeReadAt = loop.now.wholeSeconds
        forwarder.time = UInt32(truncatingIfNeeded: Clock.realTimeSeconds())
        wallOffset = Clock.realTimeMicroseconds() &- Clock.monotonic().microseconds
        judgeClock()
    }

    private func performActions(_ transport: UpstreamTransport) {
        var index = 0
        while index < deferred.count {
            perform(deferred[index], transport)
            index += 1
        }
        deferred.removeAll(keepingCapacity: true)
        while let action = forwarder.nextAction() { perform(action, transport) }
    }

    private func perform(_ action: Action, _ transport: UpstreamTransport) {
        switch action {
        case .open(let connection, _):
            guard let server = forwarder.pool.server(of: connection) else { return }
            switch forwarder.pool.carrier(of: connection) {
            case .tls: transport.open(connection, to: server)
            case .datagram: plain?.openDatagrams(connection, to: server)
            case .stream: plain?.openStream(connection, to: server)
            case nil: break
            }
        case .close(let connection):
            // It is known to one of them.
            transport.close(connection)
            plain?.close(connection)
        case .finish(let connection, let messageID):
            plain?.finish(messageID, on: connection)
        case .send(let connection, let exchange, let messageID):
            send(exchange, messageID, on: connection, transport)
        case .reply(let query):
            reply(to: query, from: RawSpan())
        }
    }

    private func send(
        _ exchange: ExchangeID, _ messageID: UInt16, on connection: ConnectionID,
        _ transport: UpstreamTransport
    ) {
        if forwarder.pool.carrier(of: connection) == .tls {
            transport.send(on: connection, capacity: forwarder.questionCapacity) { message in
                write(exchange, messageID, on: connection, into: &message)
            }
        } else {
            plain?.send(on: connection, messageID: messageID) { message in
                write(exchange, messageID, on: connection, into: &message)
            }
        }
    }

    @inline(__always)
    private func write(
        _ exchange: ExchangeID, _ messageID: UInt16, on connection: ConnectionID,
        into message: inout MutableRawSpan
    ) -> Int {
        let length = forwarder.writeQuestion(
            of: exchange, messageID: messageID, on: connection, into: &message)
        if tap != nil { tapQuestion(message, length: length, on: connection) }
        return length
    }

    private func reply(to query: QueryID, from message: RawSpan) {
        switch origins[Int(query.index)] {
        case .datagram(let listener, let peer):
            datagrams[listener].reply(to: peer) { span in
                let provenance = logsQueries ? forwarder.provenance(of: query) : nil
                let length = forwarder.writeReply(
                    to: query, from: message, now: loop.now, into: &span)
                if let provenance, length > 0 {
                    logAnswered(query, with: span, length: length, provenance)
                }
                return length
            }
        case .stream(let client):
            let capacity = forwarder.replyCapacity(query, answer: message)
            streams?.reply(to: client, capacity: capacity) { span in
                let provenance = logsQueries ? forwarder.provenance(of: query) : nil
                let length = forwarder.writeReply(
                    to: query, from: message, now: loop.now, into: &span)
                if let provenance, length > 0 {
                    logAnswered(query, with: span, length: length, provenance)
                }
                return length
            }
        case .own(let number):
            answerOwn(number, query, from: message)
        }
    }

    private func armTimer() {
        guard let earliest = forwarder.earliestTimer, earliest < armedFor else { return }
        armedFor = earliest
        forwarderTimer?.arm(at: earliest)
    }

    func timerFired(token: Int) {
        switch token {
        case TimerToken.drain: finishDraining()
        case TimerToken.transfers: checkTransfers()
        default:
            armedFor = .distantFuture
            forwarder.timerFired(now: loop.now)
        }
    }
}
