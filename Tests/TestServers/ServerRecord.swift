import NetAddress

/// What a test server has seen and done.
public struct ServerRecord: Sendable {
    /// How many queries and connections are kept in detail; the counters count on beyond that.
    public static let detailLimit = 65_536

    /// One connection.
    public struct Connection: Sendable {
        /// How the TLS handshake went.
        public enum Handshake: Sendable, Equatable {
            case pending
            case full
            case resumed
            /// GnuTLS's words for what went wrong.
            case failed(String)
        }

        /// Who ended the connection and how.
        public enum End: Sendable, Equatable {
            case open
            /// The client sent `close_notify`.
            case clientClosed
            /// The client ended the TCP stream without `close_notify`, or reset it.
            case clientVanished
            case serverClosed
        }

        public let accepted: Instant
        public let peer: Endpoint?
        public internal(set) var handshake = Handshake.pending
        /// `TLS1.2` or `TLS1.3`.
        public internal(set) var version = ""
        public internal(set) var alpn: String?
        public internal(set) var serverName: String?
        public internal(set) var queryCount = 0
        public internal(set) var answerCount = 0
        public internal(set) var mostInFlight = 0
        /// TLS records with data that the client sent.
        public internal(set) var recordCount = 0
        /// How often reading from the socket gave something, the handshake included.
        public internal(set) var readCount = 0
        public internal(set) var end = End.open
        /// When the connection ended.
        public internal(set) var ended: Instant?
    }

    public internal(set) var connectionsAccepted = 0
    /// The numbers of the connections that are open, counted from 0 in the order of acceptance.
    public internal(set) var openConnections: Set<Int> = []
    public internal(set) var mostConnectionsOpen = 0
    public internal(set) var handshakesFull = 0
    public internal(set) var handshakesResumed = 0
    public internal(set) var handshakesFailed = 0
    public internal(set) var queriesReceived = 0
    public internal(set) var answersSent = 0
    /// Queries without an answer on connections that are open, now and at most.
    public internal(set) var inFlight = 0
    public internal(set) var mostInFlight = 0
    /// Frames that were shorter than a DNS header.
    public internal(set) var malformedFrames = 0
    public internal(set) var queries: [ReceivedQuery] = []
    public internal(set) var connections: [Connection] = []

    public var connectionsOpen: Int { openConnections.count }

    /// How many handshakes came to their end well.
    public var handshakesCompleted: Int { handshakesFull + handshakesResumed }

    /// The queries for this name, in whatever case.
    public func queries(for name: TestName) -> [ReceivedQuery] {
        queries.filter { $0.name.lowercased == name.lowercased }
    }

    /// How many queries each TLS record of a connection completed; records with none are left out.
    public func queriesPerRecord(connection: Int) -> [Int] {
        var counts: [Int: Int] = [:]
        for query in queries where query.connection == connection {
            counts[query.record, default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map(\.value)
    }

    mutating func accepted(from peer: Endpoint?) -> Int {
        connectionsAccepted += 1
        openConnections.insert(connectionsAccepted - 1)
        mostConnectionsOpen = max(mostConnectionsOpen, connectionsOpen)
        if connections.count < Self.detailLimit {
            connections.append(Connection(accepted: .now, peer: peer))
        }
        return connectionsAccepted - 1
    }

    /// Begins anew, but for the connections that are open and what is in flight on them.
    ///
    /// Connections go on being counted where they were, so that theirs are not taken for others.
    mutating func clear() {
        var fresh = ServerRecord()
        fresh.connectionsAccepted = connectionsAccepted
        fresh.connections = connections
        fresh.openConnections = openConnections
        fresh.mostConnectionsOpen = connectionsOpen
        (fresh.inFlight, fresh.mostInFlight) = (inFlight, inFlight)
        self = fresh
    }

    mutating func received(_ query: ReceivedQuery, keeping: Bool) {
        queriesReceived += 1
        inFlight += 1
        mostInFlight = max(mostInFlight, inFlight)
        if keeping, queries.count < Self.detailLimit { queries.append(query) }
        update(query.connection) {
            $0.queryCount += 1
            $0.mostInFlight = max($0.mostInFlight, $0.queryCount - $0.answerCount)
        }
    }

    mutating func answered(_ count: Int, connection: Int) {
        answersSent += count
        inFlight -= count
        update(connection) { $0.answerCount += count }
    }

    mutating func closed(
        _ connection: Int, by outcome: ServerConnection.Outcome, unanswered: Int
    ) {
        openConnections.remove(connection)
        inFlight -= unanswered
        update(connection) {
            $0.ended = .now
            $0.end =
                switch outcome {
                case .clientClosed: .clientClosed
                case .clientVanished: .clientVanished
                case .closing: .serverClosed
                }
        }
    }

    /// Changes what is kept of one connection, if anything is.
    mutating func update(_ connection: Int, _ change: (inout Connection) -> Void) {
        guard connections.indices.contains(connection) else { return }
        change(&connections[connection])
    }
}
