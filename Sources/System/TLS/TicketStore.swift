internal import Collections
public import NetAddress

/// The tickets of all servers, shared by the workers.
///
/// Each ticket is handed out once (RFC 8446 appendix C.4: a ticket used twice ties two connections
/// together). Bounded: `Limits.ticketsPerServer` each for `Limits.ticketServers` servers, the
/// oldest giving way.
public final class TicketStore: Sendable {
    private struct Shelf {
        /// Newest last.
        var tickets: [SessionTicket] = []
        /// When something was last put here, in puts since the start.
        var lastPut: UInt64 = 0
    }

    private struct Contents {
        var shelves: [UpstreamServer: Shelf] = [:]
        var puts: UInt64 = 0
    }

    private let contents = Locked(Contents())

    public init() {}

    /// Keeps a ticket for the next connection to its server.
    public func put(_ ticket: SessionTicket) {
        contents.withLock { contents in
            contents.puts += 1
            var shelf = contents.shelves[ticket.identity.server] ?? Shelf()
            // Those of other authorities or versions will never be asked for again.
            shelf.tickets.removeAll { $0.identity != ticket.identity }
            if shelf.tickets.count == Limits.ticketsPerServer { shelf.tickets.removeFirst() }
            shelf.tickets.append(ticket)
            shelf.lastPut = contents.puts
            Self.makeRoom(for: ticket.identity.server, in: &contents)
            contents.shelves[ticket.identity.server] = shelf
        }
    }

    /// Takes the newest usable ticket for `server`, to be judged by the authorities of `context`.
    public func take(for server: UpstreamServer, context: TLSContext) -> SessionTicket? {
        take(TicketIdentity(server: server, context: context), at: secondsSinceEpoch())
    }

    /// Forgets the tickets of `server`: after any failure, for they may be its cause.
    public func drop(_ server: UpstreamServer) {
        _ = contents.withLock { $0.shelves.removeValue(forKey: server) }
    }

    /// Forgets all tickets.
    public func dropAll() {
        contents.withLock { $0.shelves.removeAll() }
    }

    /// How many tickets there are.
    public var count: Int {
        contents.withLock { $0.shelves.values.reduce(0) { $0 + $1.tickets.count } }
    }

    /// All tickets, those of the server that was used last at the end, each server's newest last.
    var all: [SessionTicket] {
        contents.withLock { contents in
            contents.shelves.values.sorted { $0.lastPut < $1.lastPut }.flatMap(\.tickets)
        }
    }

    func take(_ identity: TicketIdentity, at seconds: Int64) -> SessionTicket? {
        contents.withLock { contents in
            guard var shelf = contents.shelves[identity.server] else { return nil }
            shelf.tickets.removeAll { !$0.isUsable(for: identity, at: seconds) }
            let ticket = shelf.tickets.popLast()
            contents.shelves[identity.server] = shelf.tickets.isEmpty ? nil : shelf
            return ticket
        }
    }

    private static func makeRoom(for server: UpstreamServer, in contents: inout Contents) {
        guard contents.shelves[server] == nil, contents.shelves.count >= Limits.ticketServers,
            let oldest = contents.shelves.min(by: { $0.value.lastPut < $1.value.lastPut })
        else { return }
        contents.shelves.removeValue(forKey: oldest.key)
    }
}
