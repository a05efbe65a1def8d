import NetAddress

/// A query as it reached a test server.
public struct ReceivedQuery: Sendable {
    /// The connection's number, counted from 0 in the order of acceptance.
    public let connection: Int
    /// The number, in its connection, of the TLS record that completed the query.
    public let record: Int
    public let time: Instant
    public let message: TestMessage

    /// The first question's name; the root where there is no question.
    public var name: TestName { message.questions.first?.name ?? "" }
}
