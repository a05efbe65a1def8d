internal import Collections
internal import DNSCache
public import DNSWire
public import NetAddress
internal import Policy
internal import Upstream

// Zone transfers, which are relayed and not looked into (RFC 5936, RFC 1995, RFC 9103).
extension Forwarder {
    /// What becomes of a query for a zone that has a route; `nil` for any other message.
    ///
    /// Over UDP there is no transfer: who asks for changes is told to come by TCP.
    mutating func transfer(
        _ message: RawSpan, from source: Source, reply: inout MutableRawSpan
    ) -> Disposition? {
        guard let query = TransferQuery(message), routedGroup(query, message) != nil else {
            return nil
        }
        guard source.transport == .stream else {
            guard query.isIncremental else { return nil }
            counters.refused &+= 1
            return .replied(
                write(.noError, query, message, isTruncated: true, into: &reply))
        }
        return .transfer
    }

    /// What a transfer is about, and who has the zone; `nil` when nobody can be asked now.
    public mutating func beginTransfer(
        _ message: RawSpan
    ) -> (query: TransferQuery, server: UpstreamServer)? {
        guard let query = TransferQuery(message), let group = routedGroup(query, message),
            let server = pool.preferredServer(of: group)
        else { return nil }
        return (query, server)
    }

    /// Answers that there is no transfer now, and gives the answer's length.
    public mutating func refuseTransfer(_ message: RawSpan, into reply: inout MutableRawSpan) -> Int
    {
        guard let query = TransferQuery(message) else { return 0 }
        return write(.serverFailure, query, message, isTruncated: false, into: &reply)
    }

    private mutating func routedGroup(_ query: TransferQuery, _ message: RawSpan) -> GroupID? {
        let hash = hash
        var target = questions.mutableSpan(Self.arrivalSlot)
        _ = hash.fold(query.question, of: message, into: &target)
        let route = routes.route(
            of: questions.span(Self.arrivalSlot, length: query.question.nameLength))
        return route == GroupID.main.number ? nil : GroupID(route)
    }

    private mutating func write(
        _ code: ResponseCode, _ query: TransferQuery, _ message: RawSpan, isTruncated: Bool,
        into reply: inout MutableRawSpan
    ) -> Int {
        let refusal = Refusal(
            code, id: query.id, flags: query.flags, question: query.question, edns: query.edns,
            extendedError: isTruncated ? nil : .networkError, isTruncated: isTruncated)
        responses.add(code)
        return refusal.write(
            answering: message, payloadSize: UInt16(settings.maximumUDPSize), into: &reply)
    }
}
