internal import Collections
internal import DNSWire
internal import NetAddress
internal import Upstream

/// The zone transfers of a worker: each is a TCP client's query, and a connection of its own to a
/// server of the route.
struct ZoneTransfers: ~Copyable {
    struct Transfer {
        let client: SlotID
        let server: UpstreamServer
        let query: [UInt8]
        var progress: TransferProgress
        var state = State.waiting
        /// Whether the client has part of the answer.
        var hasBegun = false
        /// Whether no more is read because the client is slow.
        var isPaused = false
        var lastActivity: Instant
    }

    enum State {
        /// Its connection is to be opened.
        case waiting
        case open
        /// Its connection is to be closed.
        case ended
    }

    /// What has become of those that are over.
    private(set) var counts = TransferCounts()
    private var slots = FreeList(capacity: DaemonLimits.transfers)
    private var transfers: [Transfer?] = Array(repeating: nil, count: DaemonLimits.transfers)

    var isEmpty: Bool { slots.inUse == 0 }

    /// Begins a transfer; false when there are too many.
    mutating func begin(
        _ message: RawSpan, _ query: TransferQuery, client: SlotID, server: UpstreamServer,
        now: Instant
    ) -> Bool {
        guard let slot = slots.allocate() else {
            counts.refused &+= 1
            return false
        }
        let octets = (0..<message.byteCount).map { message.octet(at: $0) }
        transfers[Int(slot.index)] = Transfer(
            client: client, server: server, query: octets, progress: TransferProgress(query),
            lastActivity: now)
        return true
    }

    /// The connection of the transfer at `index`; those of the pool have other ids.
    func connection(_ index: Int) -> SlotID? {
        slots.slot(at: index).map {
            SlotID(index: $0.index + UInt32(Limits.connections), generation: $0.generation)
        }
    }

    /// The transfer whose connection this is, `nil` when it is one of the pool's or is gone.
    func index(of connection: SlotID) -> Int? {
        let index = Int(connection.index) - Limits.connections
        guard index >= 0, self.connection(index) == connection else { return nil }
        return index
    }

    /// Whether `connection` is, or was, that of a transfer.
    static func owns(_ connection: SlotID) -> Bool { Int(connection.index) >= Limits.connections }

    subscript(index: Int) -> Transfer? {
        get { transfers[index] }
        set { transfers[index] = newValue }
    }

    /// Notes what has become of a transfer, whose connection is to be closed.
    mutating func conclude(_ index: Int, _ outcome: WritableKeyPath<TransferCounts, UInt64>) {
        guard transfers[index] != nil, transfers[index]?.state != .ended else { return }
        transfers[index]?.state = .ended
        counts[keyPath: outcome] &+= 1
    }

    /// Notes that one could not even begin, for want of a server.
    mutating func refused() { counts.refused &+= 1 }

    mutating func end(_ index: Int) {
        if let slot = slots.slot(at: index) { slots.free(slot) }
        transfers[index] = nil
    }
}

/// What has become of zone transfers.
struct TransferCounts: Equatable, Sendable {
    /// All of the answer was passed on.
    var complete: UInt64 = 0
    /// The server gave no answer, or broke off.
    var failed: UInt64 = 0
    /// The client went away before the end.
    var abandoned: UInt64 = 0
    /// There were too many, or no server to ask.
    var refused: UInt64 = 0
}
