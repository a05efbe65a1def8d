public import Collections
public import LinuxIO
public import NetAddress

/// Where a query came in, and so where its answer goes out.
@frozen
public enum QueryOrigin: BitwiseCopyable, Sendable {
    /// A UDP socket, by its place among the frontends, and the other side.
    case datagram(listener: Int, DatagramPeer)
    /// A TCP client.
    case stream(SlotID)
    /// This process itself, under a number of its own.
    case own(UInt64)
}

/// What brought the message that a sink is being handed.
@frozen
public enum QueryCarrier: BitwiseCopyable, Sendable {
    /// A datagram: its frontend's place among those of the worker, and its own in the batch.
    case datagram(listener: UInt32, place: UInt32)
    /// A TCP client.
    case stream(SlotID)
    /// This process itself.
    case own
}

/// What became of a message that was handed to a sink.
@frozen
public enum Receipt: Equatable, Sendable {
    /// The answer is in the reply span: so many octets.
    case replied(Int)
    /// The answer will be sent later: `keep` says where, for the query of this number.
    case pending(UInt32)
    /// The client will be sent what a server sends (`StreamFrontend.relay`).
    case relayed
    /// It was no query; there will be no answer.
    case ignored
}

/// Takes the queries of the frontends.
///
/// Must not call back into a frontend from within, but to ask where the message came to: the
/// frontend is in the middle of its batch.
public protocol QuerySink: AnyObject {
    /// Takes one datagram or one TCP frame from the client at `source`.
    ///
    /// An answer that is known at once is written to `reply`.
    func received(
        _ message: RawSpan, from source: Endpoint, by carrier: QueryCarrier,
        reply: inout MutableRawSpan
    ) -> Receipt

    /// Notes where the answer to a query goes that has just been found to be pending.
    ///
    /// Nearly all queries are answered at once, so this is not told with each.
    func keep(_ origin: QueryOrigin, for query: UInt32)
}
