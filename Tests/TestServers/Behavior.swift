import NetAddress

/// How a test server behaves; as it stands, well.
public struct Behavior: Sendable {
    /// What happens to a connection before any query.
    public enum Opening: Sendable, Equatable {
        case handshake
        /// Closes at once.
        case close
        /// Resets once the client has spoken.
        case reset
        /// Accepts and never speaks.
        case silence
        /// Answers the client's first bytes in clear text.
        case http
        /// Sends a handshake message that never ends, an octet at a time.
        case drip(every: Interval)
        /// Completes the handshake and closes.
        case closeAfterHandshake
    }

    /// How long an answer takes, beside what its name asks for.
    public enum Delay: Sendable, Equatable {
        case none
        case fixed(Interval)
        case random(upTo: Interval)
        /// Delays so many of a hundred queries, chosen at random.
        case some(percent: Int, Interval)
        /// Delays one query in so many of a connection.
        case oneIn(Int, Interval)
    }

    /// Which queries get no answer.
    public enum Silence: Sendable, Equatable {
        case none
        case all
        /// Every second query of a connection, beginning with the first.
        case alternate
        /// So many of a hundred, chosen at random.
        case some(percent: Int)
        /// Queries whose name is or ends in this one.
        case below(TestName)
    }

    /// How the octets of the answers are cut.
    public enum Pacing: Sendable, Equatable {
        /// One TLS record for each answer.
        case whole
        /// All answers that are due at once in one record, as far as they fit.
        case coalesced
        /// Records of so many octets, the next one after so much time.
        case records(of: Int, every: Interval)
        /// Whole records, their ciphertext written an octet at a time.
        case singleOctetWrites
    }

    /// What ends a connection; queries without an answer then stay without.
    public enum Ending: Sendable, Equatable {
        case none
        case onQuery
        case afterAnswers(Int)
        /// On so many of a hundred queries, chosen at random.
        case randomly(percent: Int)
        /// In the middle of the first answer.
        case midAnswer
    }

    /// In what way a connection ends.
    public enum Closing: Sendable, Equatable {
        /// With a `close_notify` alert.
        case orderly
        /// By the end of the TCP stream alone.
        case abrupt
        /// By a TCP reset.
        case reset
    }

    public var opening = Opening.handshake
    public var delay = Delay.none
    public var silence = Silence.none
    public var pacing = Pacing.whole
    public var ending = Ending.none
    public var closing = Closing.orderly
    public var distortion = Distortion.none
    /// Holds answers for so long from the first one held, then sends them latest first.
    public var reversesWithin: Interval?
    /// How many messages that nobody asked for follow the handshake at once.
    public var unsolicitedAtStart = 0
    /// The time after which a message that nobody asked for is sent, again and again.
    public var unsolicitedEvery: Interval?
    /// Takes the answer book's place: the messages that answer a query, none for silence.
    public var answers: (@Sendable (ReceivedQuery) -> [[UInt8]])?

    public init() {}

    /// The same behavior with some of it changed.
    public func with(_ change: (inout Self) -> Void) -> Self {
        var copy = self
        change(&copy)
        return copy
    }
}
