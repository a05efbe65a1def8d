public import Collections
public import Upstream

/// What the forwarder wants done; its caller does it, in order, outside of any call into it.
public enum Action: Equatable, Sendable {
    /// Connect to the upstream at this place in the pool, as the pool's `carrier(of:)` says.
    case open(ConnectionID, upstream: Int)
    /// Close the connection, politely; nothing more is to be heard of it.
    case close(ConnectionID)
    /// Close the socket that this datagram left from.
    case finish(ConnectionID, messageID: UInt16)
    /// Write the exchange's question to the connection (`writeQuestion`).
    case send(ConnectionID, ExchangeID, messageID: UInt16)
    /// Write the answer to the client (`writeReply`).
    case reply(QueryID)
}

/// One question from one client.
public typealias QueryID = SlotID

/// One question on its way to upstreams, with every query that waits for it.
public typealias ExchangeID = SlotID
